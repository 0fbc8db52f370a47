'use strict';
// Colours of weights, from the style sheet, and texts that several parts show.
const AttendColours = (() => {
  const steps = 1024;
  let stops = [], named = {}, pixels = new Uint32Array(steps + 1);

  // After each change of the theme.
  function read() {
    const style = getComputedStyle(document.documentElement), value = name => style.getPropertyValue(name).trim();
    stops = [0, 1, 2, 3, 4, 5].map(index => {
      const hex = value(`--w${index}`);
      return [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
    });
    named = Object.fromEntries(['ink', 'muted', 'grid', 'minor', 'frame', 'surface', 'flash'].map(name => [name, value(`--${name}`)]));
    pixels = Uint32Array.from({ length: steps + 1 }, (_, step) => word(at(step / steps)));
  }

  function at(share) {
    const place = Math.pow(Math.min(1, Math.max(0, share)), AttendMath.data.power) * (stops.length - 1);
    const below = Math.min(Math.floor(place), stops.length - 2), part = place - below;
    return stops[below].map((from, index) => Math.round(from + (stops[below + 1][index] - from) * part));
  }

  const word = ([r, g, b]) => (255 << 24 | b << 16 | g << 8 | r) >>> 0;

  // Cells to pixels, one each; what is negative is masked. Colours come from a table: a long text has 262,144 cells.
  function image(shares, columns, rows) {
    const picture = new ImageData(columns, rows), words = new Uint32Array(picture.data.buffer), hex = named.minor;
    const masked = word([1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16)));
    for (let place = 0; place < words.length; place++) {
      words[place] = shares[place] < 0 ? masked : pixels[Math.min(steps, Math.round(steps * shares[place]))];
    }
    return picture;
  }

  const css = ([r, g, b]) => `rgb(${r}, ${g}, ${b})`;

  // Black or white, whichever is read better on it: at least 4.5 : 1 on every colour.
  function ink(rgb) {
    const [r, g, b] = rgb.map(byte => byte / 255).map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000' : '#fff';
  }

  return { read, at, image, css, ink, named: name => named[name] };
})();

const AttendText = (() => {
  const unseen = { ' ': '␣', '\n': '↵', '\r': '↵', '\t': '⇥' };
  // A token may be nothing but space.
  const token = text => text === '' ? '∅' : text.trim() === '' ? [...text].map(sign => unseen[sign] ?? '␣').join('') : text;
  const weight = value => value.toFixed(4);
  // 0 stays "0", and what rounds to 1.00 is not said to be all.
  const short = value => value >= 0.995 ? '1.0' : value < 0.005 ? '0' : value.toFixed(2).slice(1);
  // Nodes alone: what a text says never becomes markup.
  function make(name, properties = {}, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }
  // A token in a direction of its own, which does not turn the text around it.
  const name = text => make('bdi', { textContent: token(text) });
  const nameHead = (capture, layer, head) => {
    const own = layer === 0 ? capture.headNames[head] : undefined;
    return `layer ${layer + 1}, head ${head + 1}${own === undefined ? '' : ` (${own})`}`;
  };
  return { token, weight, short, make, name, nameHead };
})();
