/** Web Mercator ends there. */
export const lastLatitude = 85.0511287798066

/** 0 at the antimeridian in the west, 1 in the east. */
export function worldX(lng: number): number {
  return (lng + 180) / 360
}

/** 0 at the world's upper edge, 1 at the lower. */
export function worldY(lat: number): number {
  const sine = Math.sin((Math.max(-lastLatitude, Math.min(lastLatitude, lat)) * Math.PI) / 180)
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)
}

export function latitudeAt(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI
}

/** The world's width and height in the steps that places are counted in: 2 to the power of this. A step is two centimetres. */
export const worldBits = 31
/** Beyond the world: the `y` of what is nowhere in particular. */
export const nowhere = 2 ** 32 - 1

export function stepsAcross(lng: number): number {
  return toSteps(worldX(lng))
}

/** What lies beyond the last latitude is on the world's edge. */
export function stepsDown(lat: number): number {
  return toSteps(worldY(lat))
}

function toSteps(share: number): number {
  return Math.max(0, Math.min(2 ** worldBits - 1, Math.floor(share * 2 ** worldBits)))
}
