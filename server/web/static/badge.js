// A winner's badge before this page's camera: its code leads where a phone's own camera would.

const page = JSON.parse(document.getElementById("badge").textContent);
const { words } = page;
const CODE = /\/b\/(PB[A-Z2-7]{42})$/; // whatever the address before it: in a hall the site has another one
const $ = (selector) => document.querySelector(selector);
const say = (text) => { $("[data-camera-words]").textContent = text; };

function read(text) {
  const code = text.match(CODE)?.[1];
  if (!code) return say(words.alien);
  close();
  return location.assign(`/b/${code}`);
}

let close;
async function camera() {
  if (close) {
    close();
    close = undefined;
    say(words.idle);
  } else {
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "insecure");
      const { watch } = await import(page.camera);
      $("[data-viewer]").hidden = false; // Safari plays no video that is not shown
      close = await watch($("[data-viewer] video"), page.jsqr, read);
      say(words.aim);
    } catch (failed) {
      say(words[{ NotAllowedError: "denied", insecure: "no-https" }[failed.name] ?? "no-camera"]);
    }
  }
  $("[data-viewer]").hidden = !close;
  $("[data-camera] span").textContent = close ? words.close : words.open;
}
$("[data-camera]").addEventListener("click", camera);
