// @ts-check
// « Around which place »: suggestions while typing, and the browser's position when asked for.
import { combobox } from './suggest.js'

/** @typedef {{ label: string, lat: number, lng: number }} Place */

/** The list around a point: what the form comes back to, with the point. @param {HTMLFormElement} form @param {number} lat @param {number} lng @param {number} digits */
function goAround(form, lat, lng, digits) {
  const back = new URL(String(new FormData(form).get('back')), location.origin)
  back.searchParams.set('near', `${lat.toFixed(digits)},${lng.toFixed(digits)}`)
  back.searchParams.set('sort', 'distance')
  location.assign(`${back.pathname}?${String(back.searchParams).replaceAll('%2C', ',')}`)
}

/** To a kilometre: enough to find what is near, and it will be in the address. @param {HTMLFormElement} form */
export function locate(form) {
  say(form.dataset.locating)
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => goAround(form, coords.latitude, coords.longitude, 2),
    () => say(form.dataset.denied),
    { timeout: 15_000, maximumAge: 600_000 },
  )
}

/** @param {string | undefined} text */
function say(text) {
  const line = document.getElementById('near-said')
  if (line) line.textContent = text ?? ''
}

/** @param {HTMLFormElement} form */
export function suggest(form) {
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem('place'))
  const { refresh } = combobox(input, {
    id: 'place',
    name: form.dataset.names ?? '',
    ask: async (q, signal) => {
      const answer = await fetch(`${form.dataset.suggestions}?${new URLSearchParams({ q, lang: document.documentElement.lang })}`, { signal })
      return answer.ok ? /** @type {Place[]} */ ((await answer.json()).items) : []
    },
    label: ({ label }) => label,
    choose: ({ label, lat, lng }) => {
      input.value = label
      goAround(form, lat, lng, 4)
    },
  })
  if (input.value) refresh()
}
