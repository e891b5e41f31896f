// @ts-check
// The map of a list. It follows the list's choices; what it looks at is in the address too, after the `#`: #zoom/lat/lng.
// There because a view is no choice: moving about must not ask for another list, nor fill the history.
/** @typedef {import('./map-marks.js').MapView} MapView */

const box = document.getElementById('map')
const side = document.getElementById('map-box')
const area = document.getElementById('area')
const note = document.getElementById('map-note')
/** Before the names of the reader's own choices: a widget's own are not theirs to change. */
const prefix = box?.dataset.prefix ?? ''

// Whatever fails: the list is there, and complete.
if (box && side) start(box, side).catch(() => side.setAttribute('hidden', ''))

/** @param {HTMLElement} box @param {HTMLElement} side */
async function start(box, side) {
  const { open = '', leaflet = '', base = '', marks: script = '' } = box.dataset
  const words = JSON.parse(box.dataset.words ?? '{}')
  // All at once, though one asks for another.
  const [{ openLeaflet }, { createMarks }] = await Promise.all([import(open), import(script), import(leaflet), import(base)])
  const { L, map } = await openLeaflet(box, { dataset: box.dataset, words, show: () => side.removeAttribute('hidden'), options: optionsOf(box) })
  map.setMinZoom(box.clientWidth < 600 ? 1 : 2)
  const marks = createMarks(L, map, { icons: box.dataset.icons, words, namesOf: (at) => namesOf(box, map, at) })
  const circle = L.circle([0, 0], { className: 'near-circle', interactive: false })
  look(L, map, circle, box)
  follow(L, map, { box, circle, words, marks })
  avoidTraps(map, box, words)
}

/** @param {HTMLElement} box */
function optionsOf({ dataset }) {
  const maxBounds = [
    [-80, -190],
    [85, 190],
  ]
  return { maxZoom: Number(dataset.lastZoom), maxBounds, maxBoundsViscosity: 1 }
}

/**
 * The first view: that of the address, else around the place asked for, else as the ecosystem wants it, else all that was found.
 * @param {typeof import('leaflet')} L @param {import('leaflet').Map} map @param {import('leaflet').Circle} circle @param {HTMLElement} box
 */
function look(L, map, circle, { dataset }) {
  const given = viewOf(location.hash) ?? viewOf(`#${dataset.view}`)
  const [west, south, east, north] = (dataset.bounds || '-140,-45,160,65').split(',').map(Number)
  if (given && (location.hash || !near())) map.setView([given.lat, given.lng], given.zoom)
  else if (!drawNear(map, circle)) fit(L, map, [west, south, east, north])
  drawNear(map, circle, { keep: true })
}

/** @param {typeof import('leaflet')} L @param {import('leaflet').Map} map @param {number[]} bounds */
function fit(L, map, [west, south, east, north]) {
  const bounds = L.latLngBounds([south, west], [north, east])
  map.fitBounds(bounds, { padding: [36, 36], maxZoom: 10, animate: false })
}

/** @param {string} hash */
function viewOf(hash) {
  const [zoom, lat, lng] = /^#(\d{1,2})\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(hash)?.slice(1).map(Number) ?? []
  return zoom === undefined || Math.abs(lat) > 90 || Math.abs(lng) > 180 ? undefined : { zoom, lat, lng }
}

function near() {
  const params = new URLSearchParams(location.search)
  const own = params.has(`${prefix}near`) ? prefix : ''
  const [lat, lng] = params.get(`${own}near`)?.split(',').map(Number) ?? []
  return lat === undefined ? undefined : { lat, lng, radius: Number(params.get(`${own}radius`) ?? 50) }
}

/** @param {import('leaflet').Map} map @param {import('leaflet').Circle} circle @returns {boolean} whether there is a place to look around */
function drawNear(map, circle, { keep = false } = {}) {
  const place = near()
  if (!place) circle.remove()
  else {
    circle.setLatLng([place.lat, place.lng]).setRadius(place.radius * 1000)
    if (!keep) map.fitBounds(circle.getLatLng().toBounds(place.radius * 2000), { animate: false })
    circle.addTo(map)
  }
  return place !== undefined
}

/**
 * Asks for the marks of each view, and of each list that takes the place of another.
 * @param {typeof import('leaflet')} L @param {import('leaflet').Map} map
 * @param {{ box: HTMLElement, circle: import('leaflet').Circle, words: Record<string, string>, marks: { show: (view: MapView) => void } }} parts
 */
function follow(L, map, { box, circle, words, marks }) {
  let asking = new AbortController()
  let waiting = 0

  async function refresh({ found = false } = {}) {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    try {
      const answer = await fetch(`${box.dataset.url}?${paramsOf(map)}`, { signal })
      if (!answer.ok) throw answer
      /** @type {MapView} */
      const view = await answer.json()
      const isEmpty = !view.marks.some(({ lat, lng }) => map.getBounds().contains([lat, lng]))
      // Choosing what is elsewhere leads there.
      if (found && isEmpty && view.bounds) return fit(L, map, view.bounds)
      marks.show(view)
      say(view.note ?? (isEmpty ? words.empty : ''))
    } catch {
      if (!signal.aborted) say(words.failed)
    }
  }

  // What is still on its way is of where one was.
  map.on('movestart', () => asking.abort())
  map.on('moveend', () => {
    remember(map)
    clearTimeout(waiting)
    waiting = setTimeout(refresh, 100)
  })
  document.addEventListener('list-shown', (event) => {
    const { push } = /** @type {CustomEvent} */ (event).detail
    drawNear(map, circle, { keep: !push })
    remember(map)
    refresh({ found: push })
  })
  addEventListener('popstate', () => {
    const view = viewOf(location.hash)
    if (view) map.setView([view.lat, view.lng], view.zoom, { animate: false })
  })
  remember(map)
  refresh()
}

/** Who is at a mark of what is looked at; undefined when it cannot be known. @param {HTMLElement} box @param {import('leaflet').Map} map @param {{ lat: number, lng: number }} mark */
async function namesOf(box, map, { lat, lng }) {
  try {
    const answer = await fetch(`${box.dataset.url}?${paramsOf(map)}&at=${lat},${lng}`)
    /** @type {Partial<MapView>} */
    const { marks } = await answer.json()
    return marks?.[0]?.groups
  } catch {
    return undefined
  }
}

/** @param {string} text */
function say(text) {
  if (note && note.textContent !== text) note.textContent = text
}

/** The list's own choices; its order and pages are not the map's. @param {import('leaflet').Map} map */
function paramsOf(map) {
  const params = new URLSearchParams(location.search)
  for (const name of ['after', 'size', 'sort']) params.delete(name)
  params.set('view', degrees(map.getBounds().pad(0.1), map.getZoom()))
  params.set('zoom', String(map.getZoom()))
  return String(params).replaceAll('%2C', ',')
}

/** In the address from now on, and in the link that makes a choice of it. @param {import('leaflet').Map} map */
function remember(map) {
  const { lat, lng } = map.getCenter().wrap()
  const digits = Math.ceil(map.getZoom() / 3)
  history.replaceState(history.state, '', `#${map.getZoom()}/${lat.toFixed(digits)}/${lng.toFixed(digits)}`)
  const params = new URLSearchParams(location.search)
  params.delete('after')
  params.set(`${prefix}bbox`, degrees(map.getBounds(), map.getZoom()))
  area?.setAttribute('href', `${location.pathname}?${String(params).replaceAll('%2C', ',')}`)
}

/** @param {import('leaflet').LatLngBounds} bounds @param {number} zoom */
function degrees(bounds, zoom) {
  const digits = Math.max(0, Math.ceil(zoom / 3))
  const lng = (/** @type {number} */ value) => Math.max(-180, Math.min(180, value)).toFixed(digits)
  const lat = (/** @type {number} */ value) => Math.max(-90, Math.min(90, value)).toFixed(digits)
  return [lng(bounds.getWest()), lat(bounds.getSouth()), lng(bounds.getEast()), lat(bounds.getNorth())].join(',')
}

/**
 * The page scrolls past the map: the wheel zooms with Ctrl or ⌘ only (a pinch on a trackpad comes as one), a single finger is told of two.
 * @param {import('leaflet').Map} map @param {HTMLElement} box @param {Record<string, string>} words
 */
function avoidTraps(map, box, words) {
  const hint = box.appendChild(Object.assign(document.createElement('p'), { className: 'hint', ariaHidden: 'true' }))
  let hiding = 0
  const show = (/** @type {string} */ text) => {
    hint.textContent = text
    hint.classList.add('shown')
    clearTimeout(hiding)
    hiding = setTimeout(() => hint.classList.remove('shown'), 1500)
  }
  const onWheel = (/** @type {WheelEvent} */ event) => {
    const wanted = event.ctrlKey || event.metaKey
    map.scrollWheelZoom[wanted ? 'enable' : 'disable']()
    if (!wanted) show(words.wheel)
  }
  box.addEventListener('wheel', onWheel, { capture: true, passive: true })
  box.addEventListener('touchmove', ({ touches }) => touches.length === 1 && show(words.fingers), { passive: true })
}
