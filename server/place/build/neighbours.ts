import type { Commune, Epci } from './communes.ts'

export interface Placed {
  lat: number
  lng: number
  /** `near`: 5 km off as a median, 9 km nine times out of ten (measured on the small communes whose place is known); `vague`: further. */
  sureness: 'sure' | 'near' | 'vague'
}

type Point = { lat: number; lng: number }

/** The middle of the known communes that share a postal code, those of the same intercommunality thrice; else of a wider area. */
export function placeByNeighbours(communes: Commune[], epcis: Epci[], known: Map<string, Point>): (commune: Commune) => Placed | undefined {
  const epciOf = new Map(epcis.flatMap(({ membres }, index) => membres.map(({ code }) => [code, String(index)] as const)))
  const placed = communes.filter(({ code }) => known.has(code))
  const byPost = new Map<string, Commune[]>()
  for (const commune of placed) for (const code of commune.codesPostaux ?? []) byPost.set(code, [...(byPost.get(code) ?? []), commune])
  const byEpci = Map.groupBy(placed, ({ code }) => epciOf.get(code))
  const byArrondissement = Map.groupBy(placed, ({ arrondissement }) => arrondissement)
  const byDepartment = Map.groupBy(placed, ({ departement }) => departement)
  return (commune) => {
    const epci = epciOf.get(commune.code)
    const near = (commune.codesPostaux ?? [])
      .flatMap((code) => byPost.get(code) ?? [])
      .flatMap((one) => (epci && epciOf.get(one.code) === epci ? [one, one, one] : [one]))
    if (near.length > 0) return { ...middle(near, known), sureness: 'near' }
    const wider = [
      epci && byEpci.get(epci),
      commune.arrondissement && byArrondissement.get(commune.arrondissement),
      byDepartment.get(commune.departement),
    ].find((one) => one && one.length > 0)
    return wider ? { ...middle(wider, known), sureness: 'vague' } : undefined
  }
}

function middle(communes: Commune[], known: Map<string, Point>): Point {
  const points = communes.map(({ code }) => known.get(code)!)
  const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length
  return { lat: mean(points.map(({ lat }) => lat)), lng: mean(points.map(({ lng }) => lng)) }
}
