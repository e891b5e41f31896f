/** How many letters to insert, delete or replace to make one text of the other; `Infinity` as soon as it is more than `most`. */
export function editDistance(a: string, b: string, most: number): number {
  const [left, right] = [[...a], [...b]]
  if (Math.abs(left.length - right.length) > most) return Number.POSITIVE_INFINITY
  let above = right.map((_, at) => at + 1)
  for (const [row, letter] of left.entries()) {
    let [diagonal, before] = [row, row + 1]
    const line = right.map((other, at) => {
      const cost = Math.min(before + 1, above[at]! + 1, diagonal + (letter === other ? 0 : 1))
      diagonal = above[at]!
      before = cost
      return cost
    })
    if (Math.min(row + 1, ...line) > most) return Number.POSITIVE_INFINITY
    above = line
  }
  const distance = above.at(-1) ?? left.length
  return distance > most ? Number.POSITIVE_INFINITY : distance
}
