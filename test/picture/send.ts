import type { FastifyInstance, LightMyRequestResponse } from 'fastify'

interface SentFile {
  bytes: Buffer
  type?: string
  name?: string
  field?: string
}

/** A multipart body as browsers write it. */
export function multipart(fields: Record<string, string>, files: SentFile[]): { payload: Buffer; type: string } {
  const edge = '----edge7MA4YWxk'
  const parts = files.map(({ bytes, type = 'image/png', name = 'image.png', field = 'file' }) => [
    `content-disposition: form-data; name="${field}"; filename="${name}"\r\ncontent-type: ${type}`,
    bytes,
  ])
  const texts = Object.entries(fields).map(([name, value]) => [`content-disposition: form-data; name="${name}"`, Buffer.from(value)])
  const payload = [...parts, ...texts].flatMap(([head, body]) => [`--${edge}\r\n${head}\r\n\r\n`, body!, '\r\n'])
  return {
    payload: Buffer.concat([...payload, `--${edge}--\r\n`].map((piece) => Buffer.from(piece as string))),
    type: `multipart/form-data; boundary=${edge}`,
  }
}

/** Sends a picture's form to its address. */
export function send(
  app: FastifyInstance,
  url: string,
  cookie: string | undefined,
  files: SentFile[],
  fields: Record<string, string> = {},
): Promise<LightMyRequestResponse> {
  const { payload, type } = multipart(fields, files)
  return app.inject({ method: 'POST', url, payload, headers: { 'content-type': type, ...(cookie ? { cookie } : {}) } })
}
