// @ts-check
// Shows which part of a picture is kept, and lets it be moved. A large picture, or one in a form that is not taken, is sent as that part alone.

const LARGE = 1_500_000
const SHOWN = 720

for (const form of document.querySelectorAll('form[data-ratio]')) if (form instanceof HTMLFormElement) prepare(form)

/** @typedef {{ x: number, y: number, w: number, h: number }} Box */

/** @param {HTMLFormElement} form */
function prepare(form) {
  const { file, stage, canvas, sliders } = partsOf(form)
  /** @type {ImageBitmap | undefined} */
  let image
  const box = () => image && boxOf(form, image)
  const show = () => {
    const kept = box()
    if (!image || !kept) return
    draw(canvas, image, kept)
    for (const name of /** @type {const} */ (['x', 'y', 'w', 'h'])) field(form, name).value = String(Math.round(kept[name]))
  }

  file.addEventListener('change', async () => {
    const chosen = file.files?.[0]
    image?.close()
    image = chosen && (await createImageBitmap(chosen).catch(() => undefined))
    stage.hidden = !image
    for (const name of ['x', 'y', 'w', 'h']) field(form, name).value = ''
    sliders.across.value = sliders.down.value = '50'
    sliders.size.value = '100'
    show()
  })
  stage.addEventListener('input', show)
  canvas.addEventListener('pointerdown', (event) => canvas.setPointerCapture(event.pointerId))
  canvas.addEventListener('pointermove', (event) => {
    const kept = box()
    if (!image || !kept || !canvas.hasPointerCapture(event.pointerId)) return
    const scale = image.width / canvas.clientWidth
    move(sliders.across, event.movementX * scale, image.width - kept.w)
    move(sliders.down, event.movementY * scale, image.height - kept.h)
    show()
  })
  form.addEventListener('submit', async (event) => {
    const chosen = file.files?.[0]
    const kept = box()
    if (!image || !chosen || !kept || (chosen.size <= LARGE && file.accept.split(',').includes(chosen.type))) return
    event.preventDefault()
    const part = await cut(image, kept, Number(form.dataset.widest)).catch(() => undefined)
    if (part) {
      const files = new DataTransfer()
      files.items.add(new File([part], chosen.name, { type: part.type }))
      file.files = files.files
      for (const name of ['x', 'y', 'w', 'h']) field(form, name).value = ''
    }
    form.submit()
  })
}

/** @param {HTMLFormElement} form */
function partsOf(form) {
  const find = (/** @type {string} */ selector) => form.querySelector(selector)
  const slider = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (find(`[data-move=${name}]`))
  return {
    file: field(form, 'file'),
    stage: /** @type {HTMLFieldSetElement} */ (find('.crop')),
    canvas: /** @type {HTMLCanvasElement} */ (find('canvas')),
    sliders: { across: slider('across'), down: slider('down'), size: slider('size') },
  }
}

/** @param {HTMLFormElement} form @param {string} name */
function field(form, name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name))
}

/** The part to keep, as the sliders say it. @param {HTMLFormElement} form @param {ImageBitmap} image @returns {Box} */
function boxOf(form, image) {
  const { across, down, size } = partsOf(form).sliders
  const ratio = Number(form.dataset.ratio)
  const widest = Math.min(image.width, image.height * ratio)
  const least = Math.min(widest, Number(form.dataset.least))
  const w = least + ((widest - least) * Number(size.value)) / 100
  const h = Math.min(image.height, w / ratio)
  return { x: ((image.width - w) * Number(across.value)) / 100, y: ((image.height - h) * Number(down.value)) / 100, w, h }
}

/** @param {HTMLInputElement} slider @param {number} by @param {number} room in pixels of the picture */
function move(slider, by, room) {
  if (room > 0) slider.value = String(Number(slider.value) + (by * 100) / room)
}

/** The whole picture, dimmed but for what is kept. @param {HTMLCanvasElement} canvas @param {ImageBitmap} image @param {Box} box */
function draw(canvas, image, { x, y, w, h }) {
  const scale = Math.min(1, SHOWN / image.width)
  canvas.width = Math.max(1, Math.round(image.width * scale))
  canvas.height = Math.max(1, Math.round(image.height * scale))
  const ink = canvas.getContext('2d')
  if (!ink) return
  ink.drawImage(image, 0, 0, canvas.width, canvas.height)
  ink.fillStyle = 'rgb(0 0 0 / .6)'
  ink.beginPath()
  ink.rect(0, 0, canvas.width, canvas.height)
  ink.rect(x * scale, y * scale, w * scale, h * scale)
  ink.fill('evenodd')
  ink.lineWidth = 3
  ink.strokeStyle = '#fff'
  ink.strokeRect(x * scale, y * scale, w * scale, h * scale)
}

/** Twice as wide as it will be, so that nothing is lost. @param {ImageBitmap} image @param {Box} box @param {number} widest @returns {Promise<Blob>} */
function cut(image, { x, y, w, h }, widest) {
  const scale = Math.min(1, (2 * widest) / w)
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(w * scale)
  canvas.height = Math.max(1, Math.round(h * scale))
  const ink = canvas.getContext('2d')
  if (ink) ink.imageSmoothingQuality = 'high'
  ink?.drawImage(image, x, y, w, h, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => canvas.toBlob((part) => (part ? resolve(part) : reject(new Error('no picture'))), 'image/webp', 0.95))
}
