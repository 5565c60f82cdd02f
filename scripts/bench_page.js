// Tells when a page has painted an image and when the picture changes. Put into the page before its own scripts.
(() => {
  const SIDE_PX = 48; // a canvas is looked at shrunk to this square
  const LEAST_CSS_PX = 200; // smaller canvases are thumbnails or icons
  const LIGHT = 32; // of 255
  const LIGHT_SHARE = 0.1;
  const LEAST_LEVELS = 8; // a plain fill has one
  const MOST_REQUESTS = 10_000; // the browser's own limit of 250 would hide later ones

  const scratch = new OffscreenCanvas(SIDE_PX, SIDE_PX).getContext("2d", { willReadFrequently: true });
  const frameDone = new MessageChannel();
  const probe = { firstImageMs: null, changeMs: null };
  let before = null;
  let wheeledAt = null;

  const isLarge = (canvas) => {
    const box = canvas.getBoundingClientRect();
    return box.width >= LEAST_CSS_PX && box.height >= LEAST_CSS_PX && canvas.width > 0 && canvas.height > 0;
  };

  const largeCanvases = () => [...document.querySelectorAll("canvas")].filter(isLarge);

  const pixelsOf = (canvas) => {
    scratch.clearRect(0, 0, SIDE_PX, SIDE_PX);
    scratch.drawImage(canvas, 0, 0, SIDE_PX, SIDE_PX);
    return scratch.getImageData(0, 0, SIDE_PX, SIDE_PX).data;
  };

  const holdsImage = (pixels) => {
    const levels = new Set();
    let light = 0;
    for (let at = 0; at < pixels.length; at += 4) {
      const level = (pixels[at] + pixels[at + 1] + pixels[at + 2]) / 3;
      if (level >= LIGHT) light += 1;
      levels.add(Math.round(level));
    }
    return light >= LIGHT_SHARE * SIDE_PX * SIDE_PX && levels.size >= LEAST_LEVELS;
  };

  const digest = () => {
    let value = 2166136261; // FNV-1a
    for (const canvas of largeCanvases())
      for (const byte of pixelsOf(canvas)) value = Math.imul(value ^ byte, 16777619);
    return value;
  };

  const watch = () => {
    const isWaiting = probe.firstImageMs === null || before !== null;
    // What a page draws in the callbacks of a frame stands on its canvases once they have all run.
    if (isWaiting) requestAnimationFrame(() => frameDone.port2.postMessage(null));
  };

  frameDone.port1.onmessage = () => {
    if (probe.firstImageMs === null) {
      if (largeCanvases().some((canvas) => holdsImage(pixelsOf(canvas)))) probe.firstImageMs = performance.now();
    } else if (wheeledAt !== null && digest() !== before) {
      probe.changeMs = performance.now() - wheeledAt;
      before = null;
    }
    watch();
  };

  /** Watch for the change that the next turn of the wheel brings. */
  probe.arm = () => {
    before = digest();
    wheeledAt = null;
    probe.changeMs = null;
    watch();
  };

  const noteWheel = (event) => {
    wheeledAt ??= event.timeStamp;
  };

  performance.setResourceTimingBufferSize(MOST_REQUESTS);
  addEventListener("wheel", noteWheel, { capture: true, passive: true });
  window.benchProbe = probe;
  watch();
})();
