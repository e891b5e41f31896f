// @ts-check
// The marks of a map: real buttons, from west to east, each with its name; what they open takes the focus and gives it back.

/** @typedef {{ shortName: string, name: string, summary?: string, type: 'thematic' | 'territorial' | 'support', precision: string, lang: string, dir: string, place?: string, url: string, join?: { url: string, service: string } }} MapGroup */
/** @typedef {{ kind: 'group' | 'spot' | 'cluster' | 'country' | 'region' | 'areas', lat: number, lng: number, count: number, label: string, bounds?: [number, number, number, number], groups?: MapGroup[], url?: string }} Mark */
/** @typedef {{ total: number, unplaced: number, note?: string, bounds: number[] | null, marks: Mark[] }} MapView */
/** @typedef {{ mark: Mark, marker: import('leaflet').Marker, button: HTMLButtonElement }} Pin */
/** @typedef {{ icons: string, words: Record<string, string>, namesOf: (mark: Mark) => Promise<MapGroup[] | undefined> }} House */
/** As many names as one answer holds. */
const mostNames = 50

/**
 * @param {typeof import('leaflet')} L @param {import('leaflet').Map} map
 * @param {House} house
 */
export function createMarks(L, map, house) {
  /** @type {Map<string, Pin>} */
  let pins = new Map()
  /** Where a button that had the focus led to. @type {import('leaflet').LatLngBounds | undefined} */
  let heading

  /** @param {MapView} view */
  function show({ marks }) {
    // What looks the same may lead elsewhere, as other choices were made.
    const next = new Map(marks.map((mark) => [keyOf(mark), Object.assign(pins.get(keyOf(mark)) ?? pinOf(mark), { mark })]))
    const isLost = [...pins].some(([key, { button }]) => !next.has(key) && button === document.activeElement)
    for (const [key, { marker }] of pins) if (!next.has(key)) marker.remove()
    for (const { marker } of next.values()) if (!marker.getElement()) marker.addTo(map)
    pins = next
    inOrder([...pins.values()])
    if (isLost || heading) land()
  }

  /** The focus goes on with the first mark of what was opened. */
  function land() {
    const there = heading
    heading = undefined
    const first = [...pins.values()].find(({ mark }) => there?.contains([mark.lat, mark.lng]))
    const target = first?.button ?? map.getContainer()
    target.focus({ preventScroll: true })
  }

  /** @param {Mark} mark @returns {Pin} */
  function pinOf(mark) {
    const button = buttonOf(mark, house)
    const size = mark.kind === 'group' ? 30 : mark.count < 100 ? 40 : mark.count < 1000 ? 48 : 58
    const icon = L.divIcon({ className: 'pin-box', html: button, iconSize: [size, size] })
    const isArea = ['country', 'region', 'areas'].includes(mark.kind)
    const marker = L.marker([mark.lat, mark.lng], { icon, keyboard: false, riseOnHover: true, zIndexOffset: isArea ? -10000 : 0 })
    const pin = { mark, marker, button }
    marker.on('click', () => open(pin.mark, button))
    button.addEventListener('focus', () => button.matches(':focus-visible') && map.panInside([mark.lat, mark.lng], { padding: [40, 40] }))
    return pin
  }

  /** @param {Mark} mark @param {HTMLButtonElement} button */
  function open(mark, button) {
    if (!mark.bounds) return openPopup(L, map, { mark, button, house, again: () => pins.get(keyOf(mark))?.button })
    const [west, south, east, north] = mark.bounds
    // Across the antimeridian, west is greater than east.
    const bounds = L.latLngBounds([south, west], [north, east < west ? east + 360 : east])
    if (button === document.activeElement) heading = bounds.pad(0.05)
    const zoom = Math.max(map.getZoom() + 1, map.getBoundsZoom(bounds, false, L.point(60, 60)))
    map.setView(bounds.getCenter(), Math.min(zoom, map.getMaxZoom()))
  }

  return { show }
}

/** @param {Mark} mark */
function keyOf({ kind, lat, lng, count, label }) {
  return [kind, lat, lng, count, label].join()
}

/** The keyboard meets them as they come; what stays is not moved, or it would lose the focus. @param {Pin[]} pins */
function inOrder(pins) {
  let next = pins[0]?.marker.getElement()?.parentElement?.firstElementChild ?? null
  for (const { marker } of pins) {
    const element = /** @type {HTMLElement} */ (marker.getElement())
    if (element === next) next = next.nextElementSibling
    else element.parentElement?.insertBefore(element, next)
  }
}

/** As many digits as a mark has room for; its label says them all. @param {number} count */
function shortNumber(count) {
  return new Intl.NumberFormat(document.documentElement.lang, count < 10_000 ? {} : { notation: 'compact' }).format(count)
}

/** @param {Mark} mark @param {{ icons: string }} house */
function buttonOf({ kind, count, label, groups }, { icons }) {
  const button = element('button', `pin ${kind}`)
  button.type = 'button'
  const type = kind === 'group' ? groups?.[0]?.type : undefined
  if (type) {
    button.classList.add(type)
    button.append(icon(icons, type))
  } else {
    const number = element('span', 'number', shortNumber(count))
    number.ariaHidden = 'true'
    button.append(number)
  }
  button.append(element('span', 'name', label))
  return button
}

/**
 * @param {typeof import('leaflet')} L @param {import('leaflet').Map} map
 * @param {{ mark: Mark, button: HTMLButtonElement, house: House, again: () => HTMLButtonElement | undefined }} what
 */
function openPopup(L, map, { mark, button, house, again }) {
  const content = contentOf(mark, house)
  // A widget's map may be narrower than a popup: its margins and border take some 60 pixels.
  const { x, y } = map.getSize()
  const room = Math.max(140, x - 76)
  const popup = L.popup({
    maxWidth: Math.min(320, room),
    minWidth: Math.min(220, room),
    maxHeight: Math.min(340, y - 90),
    autoPanPadding: [16, 16],
    offset: [0, -8],
  })
  popup.setLatLng([mark.lat, mark.lng]).setContent(content)
  popup.on('remove', () => {
    const isHere = document.activeElement === document.body || popup.getElement()?.contains(document.activeElement)
    const opener = button.isConnected ? button : again()
    if (isHere) (opener ?? map.getContainer()).focus({ preventScroll: true })
  })
  popup.openOn(map)
  popup.getElement()?.querySelector('.leaflet-popup-close-button')?.setAttribute('aria-label', house.words.close)
  popup.getElement()?.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    popup.close()
  })
  content.focus({ preventScroll: true })
  complete(popup, content, mark, house)
}

/** A crowded view told but some of the names, or none. @param {import('leaflet').Popup} popup @param {HTMLElement} content @param {Mark} mark @param {House} house */
async function complete(popup, content, mark, house) {
  const list = content.querySelector('.spot-list')
  if (!list || list.children.length >= Math.min(mark.count, mostNames)) return
  const groups = await house.namesOf(mark)
  if (!groups || !popup.isOpen()) return
  // Leaflet takes the content out and in again.
  const focused = document.activeElement
  list.append(...groups.slice(list.children.length).map((group) => line(group, house)))
  popup.update()
  if (focused instanceof HTMLElement && content.contains(focused)) focused.focus({ preventScroll: true })
}

/** @param {Mark} mark @param {{ icons: string, words: Record<string, string> }} house */
function contentOf({ kind, label, groups = [], url }, house) {
  const content = element('div', 'spot-popup')
  content.tabIndex = -1
  content.role = 'dialog'
  content.ariaLabel = label
  const [only] = groups
  if (kind === 'group' && only) content.append(...whole(only, house))
  else {
    const list = element('ul', 'spot-list')
    list.append(...groups.map((group) => line(group, house)))
    content.append(element('p', 'spot-title', label), list)
  }
  if (url) content.append(link(url, house.words.more, 'spot-more'))
  return content
}

/** @param {MapGroup} group @param {{ icons: string, words: Record<string, string> }} house */
function whole(group, { icons, words }) {
  const head = element('h3')
  head.append(own(link(group.url, group.name), group))
  const facts = element('p', 'facts')
  facts.append(icon(icons, 'map-pin'), [group.place, words[group.precision]].filter(Boolean).join(' · '))
  const act = element('p', 'act')
  act.append(link(group.url, words.see, 'button quiet'))
  if (group.join) {
    const out = link(group.join.url, group.join.service === 'home' ? words.site : words.join, 'button')
    out.rel = 'noopener'
    out.append(element('span', 'vh', ` ${group.name}`))
    act.append(out)
  }
  act.firstElementChild?.append(element('span', 'vh', ` ${group.name}`))
  return [typeOf(group, { icons, words }), head, own(element('p', '', group.summary ?? ''), group), facts, act]
}

/** @param {MapGroup} group @param {{ icons: string, words: Record<string, string> }} house */
function line(group, { icons, words }) {
  const item = element('li')
  item.append(own(link(group.url, group.name), group), typeOf(group, { icons, words }))
  return item
}

/** @param {MapGroup} group @param {{ icons: string, words: Record<string, string> }} house */
function typeOf({ type }, { icons, words }) {
  const mark = element('span', `mark ${type}`)
  mark.append(icon(icons, type), words[type])
  const line = element('p', 'marks')
  line.append(mark)
  return line
}

/** In the group's own language. @template {HTMLElement} T @param {T} node @param {MapGroup} group @returns {T} */
function own(node, { lang, dir }) {
  return Object.assign(node, { lang, dir })
}

/** What is a widget's own opens in its frame; where anything else does is the page's to say. @param {string} href @param {string} text */
function link(href, text, className = '') {
  return Object.assign(element('a', className, text), { href }, href.startsWith('/embed/') && { target: '_self' })
}

/** @param {string} icons @param {string} name */
function icon(icons, name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  svg.appendChild(document.createElementNS(svg.namespaceURI, 'use')).setAttribute('href', `${icons}#${name}`)
  return svg
}

/** @template {keyof HTMLElementTagNameMap} T @param {T} name @returns {HTMLElementTagNameMap[T]} */
function element(name, className = '', text = '') {
  return Object.assign(document.createElement(name), { className, textContent: text })
}
