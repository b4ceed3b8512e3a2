// What is wrong with the page as it is laid out now: a list of sentences, empty when all is well.
() => {
  const faults = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    faults.push('the page is ' + document.documentElement.scrollWidth + ' pixels wide, the screen ' + width);
  }

  const rgba = text => {
    const parts = text.match(/[\d.]+/g).map(Number);
    return parts.length < 4 ? [...parts, 1] : parts;
  };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const backgrounds = new Map();
  const background = element => {
    if (!element) { return [255, 255, 255, 1]; }
    if (!backgrounds.has(element)) {
      const own = rgba(getComputedStyle(element).backgroundColor);
      backgrounds.set(element, own[3] === 1 ? own : over(own, background(element.parentElement)));
    }
    return backgrounds.get(element);
  };
  const luminance = color => {
    const [r, g, b] = color.slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, node =>
    node.nodeType === Node.TEXT_NODE ? NodeFilter.FILTER_ACCEPT
      : node.matches('[popover]:not(:popover-open)') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP);
  let seen = 0;
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const element = texts.currentNode.parentElement;
    if (!text || !element.checkVisibility() || element.matches('script, style, noscript, title, .unseen')) { continue; }
    seen++;
    const style = getComputedStyle(element);
    const drawing = element.ownerSVGElement;
    const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
    const size = parseFloat(style.fontSize) * scale;
    const words = '"' + text.slice(0, 40) + '"';
    if (size < 11.99) { faults.push(words + ' is ' + size.toFixed(1) + ' pixels high'); }
    const behind = background(element);
    const ratio = contrast(over(rgba(drawing ? style.fill : style.color), behind), behind);
    if (ratio < 4.5) { faults.push(words + ' has a contrast of ' + ratio.toFixed(2)); }
  }
  if (seen < 20) { faults.push('only ' + seen + ' texts are to be seen'); }

  for (const part of document.querySelectorAll('svg, .scroll, input, code, p, dl')) {
    const box = part.getBoundingClientRect();
    if (part.checkVisibility() && !part.matches('.scroll *, .unseen') && (box.left < -0.5 || box.right > width + 0.5)) {
      faults.push(part.tagName + ' ' + part.className + ' leaves the screen');
    }
  }
  for (const drawing of document.querySelectorAll('svg')) {
    if (!drawing.checkVisibility()) { continue; }
    const frame = drawing.getBoundingClientRect();
    for (const label of drawing.querySelectorAll('text')) {
      const box = label.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1) { faults.push('"' + label.textContent + '" leaves its drawing'); }
    }
  }
  for (const table of document.querySelectorAll('table')) {
    const box = table.closest('.scroll');
    if (!box || box.tabIndex !== 0 || !box.getAttribute('aria-label')) { faults.push('a table without its own scroll box'); }
  }
  for (const control of document.querySelectorAll('button, input, a')) {
    const named = control.getAttribute('aria-label') || control.textContent.trim() || control.labels?.length;
    if (!named) { faults.push('a ' + control.tagName + ' without a name'); }
  }
  return faults;
}
