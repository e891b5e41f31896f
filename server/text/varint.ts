// Ascending numbers as the differences between them, seven bits a byte, lowest first, the high bit set on all bytes of a number but its last.

/** Bytes that a number below 2³² takes. */
export function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5
}

/** Says where the next number begins. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let [next, rest] = [at, value]
  for (; rest >= 0x80; rest >>>= 7) bytes[next++] = (rest & 0x7f) | 0x80
  bytes[next++] = rest
  return next
}

/** Reads the differences in `bytes[from … to)` back into numbers; says how many. `into` has room for one a byte. */
export function readSums(bytes: Uint8Array, from: number, to: number, into: Uint32Array): number {
  let [count, sum] = [0, 0]
  for (let at = from; at < to; ) {
    let byte = bytes[at++]!
    let step = byte & 0x7f
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = bytes[at++]!
      step |= (byte & 0x7f) << shift
    }
    sum += step
    into[count++] = sum
  }
  return count
}
