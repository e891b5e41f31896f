// @ts-check
// The group's point on a map: dragged, clicked, or moved by the arrow keys. The fields stay the truth.

/** @param {HTMLFormElement} form @param {HTMLElement} button */
export async function openPin(form, button) {
  const box = document.getElementById('pin-map')
  if (!box?.hidden) return box?.querySelector('.pin-mark')?.focus()
  const { dataset } = button
  const { openLeaflet } = await import(dataset.open ?? '')
  const show = () => {
    box.hidden = false
    button.hidden = true
  }
  const { L, map } = await openLeaflet(box, { dataset, words: dataset, show, options: { minZoom: 1, maxZoom: 16, keyboard: false } })
  makeMarker(L, map, form, dataset).getElement()?.focus()
}

/** @param {typeof import('leaflet')} L @param {import('leaflet').Map} map @param {HTMLFormElement} form @param {DOMStringMap} words */
function makeMarker(L, map, form, words) {
  const [lat, lng, precision] = ['lat', 'lng', 'precision'].map(
    (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(`position.${name}`)),
  )
  const known = () =>
    lat.value.trim() && lng.value.trim()
      ? /** @type {[number, number]} */ ([lat, lng].map(({ value }) => Number(value.replace(',', '.'))))
      : undefined
  const place = known()
  map.setView(place ?? [46.5, 2.5], place ? 12 : 5)
  const icon = L.divIcon({ className: 'pin-mark', iconSize: [28, 28], iconAnchor: [14, 14] })
  const marker = L.marker(place ?? map.getCenter(), { icon, draggable: true, keyboard: true, alt: words.pin, title: words.pin }).addTo(map)
  const element = marker.getElement()
  element?.setAttribute('aria-label', words.pin ?? '')

  /** @param {import('leaflet').LatLng} point */
  function tell(point) {
    const told = point.wrap()
    const digits = Math.min(5, Math.ceil(map.getZoom() / 3) + 1)
    lat.value = told.lat.toFixed(digits)
    lng.value = told.lng.toFixed(digits)
    precision.value = 'exact'
    const said = document.getElementById('pin-said')
    if (said) said.textContent = `${words.moved} ${lat.value}, ${lng.value}`
    form.dispatchEvent(new Event('input'))
  }

  marker.on('dragend', () => tell(marker.getLatLng()))
  map.on('click', ({ latlng }) => {
    marker.setLatLng(latlng)
    tell(latlng)
  })
  element?.addEventListener('keydown', (event) => {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key]
    if (event.key === '+' || event.key === '-') map.setView(marker.getLatLng(), map.getZoom() + (event.key === '+' ? 1 : -1))
    else if (!step) return
    else {
      const by = event.shiftKey ? 2 : 16
      const point = map.latLngToContainerPoint(marker.getLatLng()).add([step[0] * by, step[1] * by])
      marker.setLatLng(map.containerPointToLatLng(point))
      if (!map.getBounds().pad(-0.1).contains(marker.getLatLng())) map.panTo(marker.getLatLng())
      tell(marker.getLatLng())
    }
    event.preventDefault()
  })
  form.addEventListener('placed', () => {
    const found = known()
    if (found) map.setView(marker.setLatLng(found).getLatLng(), 12)
  })
  for (const field of [lat, lng])
    field.addEventListener('change', () => {
      const found = known()
      if (found?.every(Number.isFinite)) map.panTo(marker.setLatLng(found).getLatLng())
    })
  return marker
}
