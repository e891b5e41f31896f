const radians = Math.PI / 180
const earthRadius = 6371.0088

/** Great-circle distance in kilometres between two points in degrees (haversine, mean earth radius). */
export function kilometres(lat1: number, lng1: number, lat2: number, lng2: number): number {
  const [dLat, dLng] = [(lat2 - lat1) * radians, (lng2 - lng1) * radians]
  const a = Math.sin(dLat / 2) ** 2 + Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * Math.sin(dLng / 2) ** 2
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(a)))
}

/** How far in longitude a point can be, in degrees, that is `km` away from this latitude. */
export function degreesAcross(lat: number, km: number): number {
  const share = Math.sin(km / earthRadius) / Math.cos(lat * radians)
  // A little more, for what rounding loses.
  return share < 1 ? Math.asin(share) / radians + 1e-6 : 180
}
