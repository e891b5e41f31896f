// Archipel's widgets: fits each frame's height to what is in it, and makes frames of <archipel-widget> elements.
;(() => {
  const { origin } = new URL(document.currentScript.src)
  const once = Symbol.for(`archipel ${origin}`)
  // Every snippet brings this script along.
  if (window[once]) return
  window[once] = true

  const heights = { list: 640, cards: 720, map: 620, count: 96, group: 420, neighbours: 420 }
  const lists = ['type', 'activity', 'keywords', 'country', 'region', 'language', 'server']
  const params = [...lists, ...'q wanted bbox near radius sort controls limit except lang theme accent heading'.split(' ')]
  const made = new Set()

  const isOurs = ({ src }) => src.startsWith(`${origin}/embed/`)
  const frames = () => new Set([...[...document.querySelectorAll('iframe')].filter(isOurs), ...made])

  addEventListener('message', ({ origin: from, source, data }) => {
    const height = data?.archipel
    if (from !== origin || !(height > 0 && height < 1e5)) return
    for (const frame of frames()) if (frame.contentWindow === source) fit(frame, height, data.turned)
  })

  function fit(frame, height, turned) {
    frame.style.height = `${height}px`
    if (made.has(frame)) for (const link of frame.parentNode.children) link.hidden = link !== frame
    if (turned && frame.getBoundingClientRect().top < 0) frame.scrollIntoView()
  }

  class Widget extends HTMLElement {
    connectedCallback() {
      this.frame ??= frameOf(this)
      if (this.frame.parentNode !== this) this.prepend(this.frame)
      this.style.display = 'block'
      made.add(this.frame)
    }
    disconnectedCallback() {
      made.delete(this.frame)
    }
  }

  function frameOf(element) {
    const get = (name) => element.getAttribute(name)
    const kind = get('kind') || 'list'
    const name = get(kind === 'group' || kind === 'neighbours' ? 'group' : 'keyword')
    const url = new URL(`/embed/${kind}${name ? `/${encodeURIComponent(name)}` : ''}`, origin)
    for (const param of params.filter((one) => element.hasAttribute(one))) {
      const values = lists.includes(param) ? get(param).split(/\s+/).filter(Boolean) : [get(param)]
      for (const value of values) url.searchParams.append(param === 'keywords' ? 'keyword' : param, value)
    }
    const frame = document.createElement('iframe')
    if (kind === 'map') frame.allow = 'geolocation'
    Object.assign(frame.style, { width: '100%', height: `${heights[kind] || 640}px`, border: 0 })
    return Object.assign(frame, { title: element.title || element.textContent.trim() || kind, loading: 'lazy', src: url.href })
  }

  if (!customElements.get('archipel-widget')) customElements.define('archipel-widget', Widget)
  // A frame that was there first has told its height to nobody.
  for (const frame of frames()) frame.contentWindow?.postMessage('archipel', '*')
})()
