import sharp, { type Sharp } from 'sharp'

/** A picture of three bands, red, green and blue from left to right, darker towards the bottom: every turn of it looks different. */
export function bands(width: number, height: number, alpha = 255): Sharp {
  const data = Buffer.alloc(width * height * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4
      data[at + Math.floor((x * 3) / width)] = 255 - Math.round((y * 200) / height)
      data[at + 3] = alpha
    }
  const image = sharp(data, { raw: { width, height, channels: 4 } })
  return alpha === 255 ? image.removeAlpha() : image
}

/** What stands at this place of a picture: red, green, blue and perhaps alpha. */
export async function pixelAt(bytes: Buffer, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  const at = (y * info.width + x) * info.channels
  return [...data.subarray(at, at + info.channels)]
}

/** Whether two colours look the same after lossy compression. */
export function isNear(found: number[], wanted: number[], by = 24): boolean {
  return wanted.every((value, at) => Math.abs(value - found[at]!) <= by)
}

/** A PNG that says to be so large, and holds nothing. */
export function hugePng(width: number, height: number): Buffer {
  const png = Buffer.from(smallPng)
  png.writeUInt32BE(width, 16)
  png.writeUInt32BE(height, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}

const smallPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==', 'base64')

function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
