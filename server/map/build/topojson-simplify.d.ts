declare module 'topojson-simplify' {
  /** Each point gets a third number: the area of the triangle that goes with it; the ends of an arc get Infinity. */
  export function presimplify(topology: import('topojson-specification').Topology): import('topojson-specification').Topology
}
