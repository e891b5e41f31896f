// @ts-check
// The map of a widget: the list that stood in for it folds away; « near me » is offered where the page around allows it.

const side = document.getElementById('map-box')
const list = document.getElementById('stand-in')
const button = document.getElementById('here')

if (side && list) {
  new MutationObserver(() => list.toggleAttribute('open', side.hidden)).observe(side, { attributes: true, attributeFilter: ['hidden'] })
  if (!side.hidden) list.removeAttribute('open')
}
// Where the page around does not allow it, the answer is « denied » before anybody is asked; some browsers only say so another way.
if (button && 'geolocation' in navigator) {
  navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => {
    const isRefused = state === 'denied' || Reflect.get(document, 'featurePolicy')?.allowsFeature('geolocation') === false
    button.toggleAttribute('hidden', isRefused)
  })
  button.addEventListener('click', () => {
    say(button.dataset.locating)
    navigator.geolocation.getCurrentPosition(goAround, () => say(button.dataset.denied), { timeout: 15_000, maximumAge: 600_000 })
  })
}

/** To a kilometre: enough to find what is near, and it will be in the address. @param {GeolocationPosition} position */
function goAround({ coords }) {
  const url = new URL(location.href)
  url.hash = ''
  url.searchParams.delete('after')
  url.searchParams.set('my-near', `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`)
  location.assign(url)
}

/** @param {string | undefined} text */
function say(text) {
  const note = document.getElementById('map-note')
  if (note) note.textContent = text ?? ''
}
