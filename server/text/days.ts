const day = 24 * 3600_000

/** The ISO time so many days before another. */
export function daysBefore(days: number, time: Date | string): string {
  return new Date(new Date(time).getTime() - days * day).toISOString()
}

export function daysAfter(days: number, time: Date | string): string {
  return daysBefore(-days, time)
}
