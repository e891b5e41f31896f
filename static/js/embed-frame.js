// @ts-check
// Inside the frame: tells the page around it how high the widget is. A height is no secret: any page may know.

// Another page of the widget begins where the last one ended: the page around may want to show its head.
let turned = document.referrer.startsWith(`${location.origin}/embed/`)

function tell() {
  parent.postMessage({ archipel: Math.ceil(document.documentElement.getBoundingClientRect().height), turned }, '*')
  turned = false
}

if (parent !== window) {
  new ResizeObserver(tell).observe(document.documentElement)
  // The page's own script may come later than this one, and asks then.
  addEventListener('message', ({ source, data }) => source === parent && data === 'archipel' && tell())
}
