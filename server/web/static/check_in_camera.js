// Reads codes from the camera: with the browser's own reader where there is one, with jsQR elsewhere.

const EVERY = 120;
const WIDEST = 800;
const AGAIN = 2_500;
const SCALES = [1, 0.9, 0.8, 0.85]; // jsQR misses a still code at certain sizes of its squares: what it did not read it is shown a little smaller

/** What reads a picture of the camera: read(video) is the text of the code in it, or nothing. */
export async function reader(jsqr) {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  await import(jsqr); // not a module: it puts itself on the window
  const canvas = document.createElement("canvas");
  const ink = canvas.getContext("2d", { willReadFrequently: true });
  let turn = 0;
  return async (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth) * SCALES[turn];
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    ink.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = ink.getImageData(0, 0, canvas.width, canvas.height);
    const text = window.jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data;
    if (!text) turn = (turn + 1) % SCALES.length;
    return text;
  };
}

/** Opens the camera into `video` and calls `seen(text)` for each code, once while it stays in view. Returns how to close it. */
export async function watch(video, jsqr, seen) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } });
  let open = true;
  const close = () => {
    open = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    video.srcObject = stream;
    await video.play();
    const read = await reader(jsqr);
    let last = "";
    let until = 0;
    const look = async () => {
      if (!open) return;
      const text = video.videoWidth ? await read(video).catch(() => undefined) : undefined;
      const now = performance.now();
      if (text && (text !== last || now > until)) seen(text);
      if (text) [last, until] = [text, now + AGAIN];
      setTimeout(look, EVERY);
    };
    look();
  } catch (failed) {
    close();
    throw failed;
  }
  return close;
}
