// @ts-check
// The sea chart under the markers: land, coasts, borders, lakes and names, drawn from files of this site. Colours are the styles' (72-base-map.css).

/**
 * @typedef {typeof import('leaflet')} Leaflet
 * @typedef {import('leaflet').Map} LeafletMap
 * @typedef {import('leaflet').Layer} Layer
 * @typedef {[lat: number, lng: number]} Position
 * @typedef {number[][][]} Area Polygons of rings of arcs; a negative number is one read backwards.
 * @typedef {{ step: number, arcs: string[], countries?: Record<string, Area>, land?: Area, lakes?: Area, coast: number[], border: number[],
 *   region?: number[], unit?: number[], places?: any[][] }} MapFile
 * @typedef {{ world: string, cities: string, slices: string, slice: string }} Urls
 * @typedef {{ key: string, at: Position, zoom: number, last: number, kind: string, name: string }} Name
 */

/** Countries in large up to this zoom; from it on, slices of them, sharper and with their towns. */
const SLICE_ZOOM = 7
/** The finest borders show from here. */
const UNIT_ZOOM = 9
/** Before this one, shoals would be wider than islands. */
const FAR_ZOOM = 4
const MOST_NAMES = 240
/** Slices kept once seen; far more than a view can hold. */
const MOST_SLICES = 40
const CREDIT = '<a href="https://www.naturalearthdata.com/">Natural Earth</a>, <a href="https://www.geonames.org/">GeoNames</a> (CC BY 4.0)'

/**
 * Draws the base map under everything else and keeps it up with the view. `urls.slice` holds `{name}`.
 * `ready` is fulfilled when the world is drawn, and rejected when it could not be had; `remove` takes everything away.
 * @param {Leaflet} L
 * @param {LeafletMap} map
 * @param {{ locale: string, urls: Urls }} options
 */
export function addBaseMap(L, map, { locale, urls }) {
  map.getContainer().classList.add('base-map')
  map.attributionControl?.addAttribution(CREDIT)
  const land = createLand(L, map)
  const names = createNames(L, map, locale)
  const slices = createSlices(urls, () => update())
  /** @type {MapFile | undefined} */
  let world
  const ready = Promise.all([getJson(urls.world), getJson(urls.cities)]).then(([file, cities]) => {
    world = file
    names.add('world', worldNames(cities, locale))
    update()
  })

  function update() {
    const near = map.getZoom() >= SLICE_ZOOM
    const wanted = near ? slices.want(viewOf(map)) : []
    for (const { name, file } of wanted)
      if (file)
        names.add(
          name,
          (file.places ?? []).map((row) => townName(row, locale)),
        )
    const drawn = wanted.flatMap(({ name, file, turn }) => (file ? [{ name, file, turn }] : []))
    // Whatever is not there yet, or cannot be had, shows as it does from afar.
    const isPart = !near || drawn.length < wanted.length || !slices.isKnown()
    for (const turn of world ? turnsOf(map) : []) {
      const file = /** @type {MapFile} */ (world)
      // Lakes are in the world's file alone.
      drawn.push(isPart ? { name: 'world', file, turn } : { name: 'lakes', file: { ...file, countries: {}, coast: [], border: [] }, turn })
    }
    land.show(drawn)
    names.show()
  }

  map.on('moveend zoomend viewreset', update)
  const remove = () => {
    map.off('moveend zoomend viewreset', update)
    map.attributionControl?.removeAttribution(CREDIT)
    map.getContainer().classList.remove('base-map')
    slices.stop()
    land.show([])
    names.clear()
  }
  return { ready, remove }
}

/**
 * What is drawn: each file once a turn of the globe it shows in.
 * @param {Leaflet} L
 * @param {LeafletMap} map
 */
function createLand(L, map) {
  // Shoals under all land, lines over all lakes, whatever comes when.
  const panes = ['shoal', 'land', 'lake', 'line'].map((name, i) => {
    const pane = map.getPane(`base-${name}`) ?? map.createPane(`base-${name}`)
    pane.classList.add('base-pane')
    pane.style.zIndex = String(110 + i)
    return L.svg({ pane: `base-${name}`, padding: 0.4 })
  })
  /** @type {Map<string, Layer>} */
  const shown = new Map()
  const draw = (/** @type {MapFile} */ file, /** @type {number} */ turn) => {
    const arcs = decode(file, turn)
    const options = { interactive: false, stroke: true, fill: false, noClip: false }
    const line = (/** @type {number[]} */ numbers = [], /** @type {number} */ pane, /** @type {string} */ className) =>
      numbers.length
        ? [
            L.polyline(
              numbers.map((one) => arcs[one] ?? []),
              { ...options, renderer: panes[pane], className },
            ),
          ]
        : []
    const area = (/** @type {Area} */ polygons = [], /** @type {number} */ pane, /** @type {string} */ className) =>
      polygons.length
        ? [
            L.polygon(
              polygons.map((rings) => rings.map((ring) => join(ring, arcs))),
              { ...options, fill: true, renderer: panes[pane], className },
            ),
          ]
        : []
    const { countries = {}, land = Object.values(countries).flat(), lakes, coast, border, region, unit } = file
    return L.layerGroup([
      ...line(coast, 0, 'base-shoal'),
      ...area(land, 1, 'base-land'),
      ...area(lakes, 2, 'base-lake'),
      ...line(unit, 3, 'base-unit'),
      ...line(region, 3, 'base-region'),
      ...line(coast, 3, 'base-coast'),
      ...line(border, 3, 'base-border'),
    ])
  }
  return {
    /** @param {{ name: string, file: MapFile, turn: number }[]} wanted */
    show(wanted) {
      map.getContainer().classList.toggle('base-near', map.getZoom() >= UNIT_ZOOM)
      map.getContainer().classList.toggle('base-far', map.getZoom() < FAR_ZOOM)
      const keys = new Set(wanted.map(({ name, turn }) => `${name} ${turn}`))
      for (const { name, file, turn } of wanted) {
        const key = `${name} ${turn}`
        if (!shown.has(key)) shown.set(key, draw(file, turn).addTo(map))
      }
      for (const [key, layer] of shown) if (!keys.has(key) && shown.delete(key)) layer.remove()
    },
  }
}

/**
 * The slices of a view, asked for as they come into it and no longer when they have left it.
 * @param {Urls} urls
 * @param {() => void} arrived
 */
function createSlices(urls, arrived) {
  /** @type {Record<string, number[][]> | undefined} */
  let boxes
  let asked = false
  /** @type {Map<string, MapFile>} */
  const got = new Map()
  /** @type {Map<string, AbortController>} */
  const running = new Map()
  /** @type {Set<string>} */
  const failed = new Set()

  const load = async (/** @type {string} */ name) => {
    const abort = new AbortController()
    running.set(name, abort)
    try {
      got.set(name, await getJson(urls.slice.replace('{name}', name), abort.signal))
      if (got.size > MOST_SLICES) got.delete(/** @type {string} */ (got.keys().next().value))
      arrived()
    } catch {
      if (!abort.signal.aborted) failed.add(name)
    } finally {
      running.delete(name)
    }
  }
  return {
    isKnown: () => boxes !== undefined,
    stop() {
      for (const abort of running.values()) abort.abort()
    },
    /** @param {number[]} view West, south, east, north. */
    want(view) {
      if (!asked) {
        asked = true
        getJson(urls.slices).then(
          (answer) => {
            boxes = answer
            arrived()
          },
          // Asked again at the next move.
          () => {
            asked = false
          },
        )
      }
      const wanted = Object.entries(boxes ?? {}).flatMap(([name, all]) => turnsOver(all, view).map((turn) => ({ name, turn, file: got.get(name) })))
      const wantedNames = new Set(wanted.map(({ name }) => name))
      for (const [name, abort] of running) if (!wantedNames.has(name)) abort.abort()
      for (const name of wantedNames) if (!got.has(name) && !running.has(name) && !failed.has(name)) load(name)
      return wanted
    },
  }
}

/**
 * Names of countries and towns. Which have room at which zoom was settled when the files were built.
 * @param {Leaflet} L
 * @param {LeafletMap} map
 * @param {string} locale
 */
function createNames(L, map, locale) {
  const pane = map.getPane('base-name') ?? map.createPane('base-name')
  pane.classList.add('base-pane')
  pane.lang = locale
  pane.ariaHidden = 'true'
  pane.style.zIndex = '120'
  /** @type {Map<string, Name[]>} */
  const known = new Map()
  /** @type {Map<string, Layer>} */
  const shown = new Map()
  const draw = (/** @type {Name} */ { at, kind, name }, /** @type {number} */ turn) => {
    const text = document.createElement('span')
    text.textContent = name
    const icon = L.divIcon({ className: `base-name ${kind}`, html: text, iconSize: /** @type {any} */ (null) })
    return L.marker([at[0], at[1] + turn * 360], { icon, pane: 'base-name', interactive: false, keyboard: false })
  }
  return {
    /** @param {string} source @param {Name[]} names */
    add(source, names) {
      if (!known.has(source)) known.set(source, names)
    },
    show() {
      const zoom = Math.floor(map.getZoom() + 0.01)
      const [w = 0, s = 0, e = 0, n = 0] = viewOf(map)
      const wanted = new Map()
      for (const turn of turnsOf(map))
        for (const names of known.values())
          for (const name of names) {
            const [lat, lng] = name.at
            const x = lng + turn * 360
            if (zoom >= name.zoom && zoom <= name.last && x > w && x < e && lat > s && lat < n) wanted.set(`${name.key} ${turn}`, { name, turn })
          }
      // The first are the most important of their file.
      const kept = [...wanted].sort(([, a], [, b]) => a.name.zoom - b.name.zoom).slice(0, MOST_NAMES)
      const keys = new Set(kept.map(([key]) => key))
      for (const [key, layer] of shown) if (!keys.has(key) && shown.delete(key)) layer.remove()
      for (const [key, { name, turn }] of kept) if (!shown.has(key)) shown.set(key, draw(name, turn).addTo(map))
    },
    clear() {
      for (const layer of shown.values()) layer.remove()
      shown.clear()
    },
  }
}

/** @param {{ countries: any[][], places: any[][] }} cities @param {string} locale @returns {Name[]} */
function worldNames({ countries, places }, locale) {
  const regions = new Intl.DisplayNames([locale], { type: 'region' })
  const named = countries.map(([lng, lat, zoom, code]) => {
    return { key: code, at: /** @type {Position} */ ([lat, lng]), zoom, last: SLICE_ZOOM - 1, kind: 'country', name: regions.of(code) ?? code }
  })
  return [...named, ...places.map((row) => townName(row, locale))]
}

/** @param {any[]} row @param {string} locale @returns {Name} */
function townName([lng, lat, zoom, kind, name, french], locale) {
  const shown = locale.startsWith('fr') && french ? french : name
  return { key: `${lng},${lat}`, at: [lat, lng], zoom, last: 99, kind: ['village', 'town', 'city', 'capital'][kind] ?? 'village', name: shown }
}

/** The arcs as positions, `turn` times round the globe: steps in five bits a letter. @param {MapFile} file @param {number} turn @returns {Position[][]} */
function decode({ arcs, step }, turn) {
  return arcs.map((text) => {
    /** @type {Position[]} */
    const line = []
    let [x, y, at] = [0, 0, 0]
    const next = () => {
      let [value, shift, bits] = [0, 0, 32]
      while (bits & 32) {
        bits = text.charCodeAt(at++) - 63
        value |= (bits & 31) << shift
        shift += 5
      }
      return value & 1 ? ~(value >> 1) : value >> 1
    }
    while (at < text.length) {
      x += next()
      y += next()
      line.push([y * step, x * step + turn * 360])
    }
    return line
  })
}

/** One line of several arcs, a negative number being one read backwards. @param {number[]} numbers @param {Position[][]} arcs */
function join(numbers, arcs) {
  return numbers.flatMap((number, i) => {
    const arc = number < 0 ? (arcs[~number] ?? []).toReversed() : (arcs[number] ?? [])
    return i ? arc.slice(1) : arc
  })
}

/** West, south, east, north of the view and a little around it. @param {LeafletMap} map */
function viewOf(map) {
  const view = map.getBounds().pad(0.15)
  return [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()]
}

/** How many times round the globe the view lies: 0, or several at once when it shows the world more than once. @param {LeafletMap} map */
function turnsOf(map) {
  const [west = 0, , east = 0] = viewOf(map)
  const [first, last] = [Math.floor((west + 180) / 360), Math.floor((east + 180) / 360)]
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

/** @param {number[][]} boxes @param {number[]} view */
function turnsOver(boxes, [west = 0, south = 0, east = 0, north = 0]) {
  return [-1, 0, 1].filter((turn) =>
    boxes.some(([w = 0, s = 0, e = 0, n = 0]) => w + turn * 360 < east && e + turn * 360 > west && s < north && n > south),
  )
}

/** @param {string} url @param {AbortSignal} [signal] */
async function getJson(url, signal) {
  const answer = await fetch(url, { signal })
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  return answer.json()
}
