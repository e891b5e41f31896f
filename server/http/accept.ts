/** The one of our media types that an Accept header likes best; the first of ours when it does not mind, or likes none. */
export function preferredType<T extends string>(accept: string | undefined, ours: readonly [T, ...T[]]): T {
  const wishes = (accept ?? '*/*').toLowerCase().split(',', 50).map(readWish)
  const liked = ours.map((type) => ({ type, quality: qualityOf(type, wishes) }))
  return liked.reduce((best, one) => (one.quality > best.quality ? one : best)).type
}

interface Wish {
  range: string
  quality: number
}

function readWish(text: string): Wish {
  const [range = '', ...params] = text.split(';').map((part) => part.trim())
  const said = params.find((param) => param.startsWith('q='))
  const quality = said === undefined ? 1 : Number(said.slice(2))
  return { range, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

/** The most precise range decides, wherever it stands. */
function qualityOf(type: string, wishes: Wish[]): number {
  for (const range of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const wish = wishes.find((one) => one.range === range)
    if (wish) return wish.quality
  }
  return 0
}
