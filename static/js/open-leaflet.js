// @ts-check
// What the site's maps have in common: Leaflet and its styles, what lies below the marks, the two buttons, a page that scrolls past.

/**
 * Makes a map of the box. `dataset` says where the files are; `show` is called once they are there, as a map must know its size.
 * @param {HTMLElement} box
 * @param {{ dataset: DOMStringMap, words: { zoomIn?: string, zoomOut?: string }, show: () => void, options: import('leaflet').MapOptions }} parts
 */
export async function openLeaflet(box, { dataset, words, show, options }) {
  const { leaflet = '', styles = '', base = '' } = dataset
  const [{ addBaseMap }] = await Promise.all([import(base), import(leaflet), addStyles(styles)])
  /** @type {typeof import('leaflet')} */
  const L = Reflect.get(window, 'L')
  show()
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
  const moves = { zoomAnimation: !isCalm, fadeAnimation: !isCalm, markerZoomAnimation: !isCalm, inertia: !isCalm }
  const map = L.map(box, { scrollWheelZoom: false, zoomControl: false, ...moves, ...options })
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map)
  map.attributionControl.setPrefix(false)
  // One finger scrolls the page: said before Leaflet sees it.
  box.addEventListener('pointerdown', ({ pointerType }) => map.dragging[pointerType === 'touch' ? 'disable' : 'enable'](), true)
  if (dataset.tiles) L.tileLayer(dataset.tiles, { maxZoom: map.getMaxZoom(), attribution: toHtml(dataset.attribution ?? '') }).addTo(map)
  else addBaseMap(L, map, { locale: document.documentElement.lang, urls: baseUrls(dataset) }).ready.catch(() => undefined)
  return { L, map }
}

/** @param {string} href */
function addStyles(href) {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href })
  document.head.append(link)
  return new Promise((resolve, reject) => Object.assign(link, { onload: resolve, onerror: reject }))
}

/** The manifest's mark changes with any of the slices. @param {DOMStringMap} dataset */
function baseUrls({ world = '', cities = '', slices = '', manifest = '' }) {
  return { world, cities, slices, slice: manifest.replace('manifest.json', 'country/{name}.json') }
}

/** @param {string} text */
function toHtml(text) {
  return Object.assign(document.createElement('i'), { textContent: text }).innerHTML
}
