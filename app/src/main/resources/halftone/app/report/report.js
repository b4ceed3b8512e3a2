(function () {
'use strict';
// Figures as the page's own are written: four significant digits, MB of a million bytes.
function fixed(value, decimals) { return value.toFixed(decimals).replace('-', '\u2212'); }
function number(value) { return significant(value, 4); }
function significant(value, digits) {
  if (value === null || !isFinite(value)) { return '\u2013'; }
  if (value === 0) { return '0'; }
  var exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent < -4 || exponent > 8) {
    return value.toExponential(digits - 1).replace('e+', 'e').replace('-', function (sign, at) { return at === 0 ? '\u2212' : sign; });
  }
  var rounded = Number(value.toPrecision(digits));
  return fixed(value, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded)))));
}
function bytes(value) {
  if (value < 1000) { return value + ' B'; }
  return value < 100000 ? number(value / 1e3) + ' kB' : number(value / 1e6) + ' MB';
}
function make(tag, text, style) {
  var element = document.createElement(tag);
  element.textContent = text;
  element.className = style || '';
  return element;
}

// Arrow keys inside the maps: one stop of the tab order for each, not one for each tensor.
document.querySelectorAll('table.map').forEach(function (map) {
  map.setAttribute('role', 'grid');
  var rows = Array.from(map.tBodies[0].rows).map(function (row) {
    return Array.from(row.cells).slice(1).map(function (cell) { return cell.querySelector('button'); });
  });
  var cells = Array.from(map.querySelectorAll('button.cell'));
  function enter(cell) {
    cells.forEach(function (other) { other.tabIndex = other === cell ? 0 : -1; });
  }
  function seek(row, column, down, right) {
    for (row += down, column += right; rows[row] && column >= 0 && column < rows[row].length; row += down, column += right) {
      if (rows[row][column]) { return rows[row][column]; }
    }
    return null;
  }
  enter(cells[0]);
  map.addEventListener('focusin', function (event) { if (event.target.matches('.cell')) { enter(event.target); } });
  map.addEventListener('keydown', function (event) {
    var cell = event.target;
    if (!cell.matches('.cell') || event.ctrlKey || event.altKey || event.metaKey) { return; }
    var row = rows.findIndex(function (each) { return each.includes(cell); });
    if (row < 0) { return; }
    var column = rows[row].indexOf(cell);
    var next = {
      ArrowDown: function () { return seek(row, column, 1, 0); },
      ArrowUp: function () { return seek(row, column, -1, 0); },
      ArrowRight: function () { return seek(row, column, 0, 1); },
      ArrowLeft: function () { return seek(row, column, 0, -1); },
      Home: function () { return seek(row, -1, 0, 1); },
      End: function () { return seek(row, rows[row].length, 0, -1); }
    }[event.key];
    if (!next) { return; }
    event.preventDefault();
    var target = next();
    if (target) { target.focus(); }
  });
});

document.querySelectorAll('article').forEach(function (article) {
  var source = document.getElementById(article.id + '-data');
  if (!source) { return; }
  var data = JSON.parse(source.textContent);
  var slider = article.querySelector('.size');
  var charts = Array.from(article.querySelectorAll('svg.chart'));
  var rows = article.querySelectorAll('section.tensors tbody tr');
  var notes = Array.from(rows).map(function (row) { return row.cells[5].textContent; });
  var cells = article.querySelectorAll('.cell');
  var shares = article.querySelector('.shares tbody');
  var code = article.querySelector('.command code');
  var status = article.querySelector('[role=status]');

  // Stops of the slider: every point of the curve, and the file itself among them.
  var stops = data.points.map(function (point, index) {
    return { bytes: point[0], loss: point[1], bits: point[2], point: index };
  });
  var file = { bytes: data.file[0], loss: data.file[1], bits: data.file[2], point: -1 };
  var home = stops.findIndex(function (stop) { return stop.bytes >= file.bytes; });
  home = home < 0 ? stops.length : home;
  stops.splice(home, 0, file);
  var at = home;
  var last = stops.length - 1;

  // Formats of each tensor at a stop: [format, bytes, loss].
  function formats(stop) {
    var now = data.tensors.map(function (tensor) { return [tensor[1], tensor[2], tensor[3]]; });
    for (var point = 0; point <= stop.point; point++) {
      var changes = data.points[point][3];
      for (var i = 0; i < changes.length; i += 2) {
        now[changes[i]] = data.tensors[changes[i]][4][changes[i + 1]];
      }
    }
    return now;
  }

  function value(name, text) { article.querySelector('[data-value=' + name + ']').textContent = text; }

  function chart(svg, stop) {
    var sizes = svg.dataset.sizes.split(' ').map(Number);
    var losses = svg.dataset.losses.split(' ').map(Number);
    var x = sizes[2] + (stop.bytes - sizes[0]) / (sizes[1] - sizes[0]) * (sizes[3] - sizes[2]);
    var y = losses[2];
    if (stop.loss > 0) {
      y += Math.log(stop.loss / losses[0]) / Math.log(losses[1] / losses[0]) * (losses[3] - losses[2]);
    }
    var cursor = svg.querySelector('.cursor');
    cursor.setAttribute('transform', 'translate(' + x.toFixed(1) + ' 0)');
    cursor.querySelector('circle').setAttribute('cy', y.toFixed(1));
    cursor.querySelector('circle').style.display = stop.loss > 0 ? '' : 'none';
    cursor.classList.add('on');
  }

  function readout(stop) {
    var more = stop.bytes - file.bytes;
    value('bytes', bytes(stop.bytes));
    value('bytes-beside', stop === file ? 'this file' : (more < 0 ? '\u2212' : '+') + bytes(Math.abs(more)));
    value('bits', number(stop.bits));
    value('bits-beside', stop === file ? '' : (more < 0 ? '\u2212' : '+') + number(Math.abs(stop.bits - file.bits)));
    value('loss', number(stop.loss) + (stop.loss === null ? '' : ' nats'));
    value('loss-beside', stop !== file && stop.loss > 0 && file.loss > 0 ? '\u00d7 ' + significant(stop.loss / file.loss, 3) : '');
    slider.setAttribute('aria-valuetext', bytes(stop.bytes) + ', ' + number(stop.bits) + ' bits per weight, predicted loss '
      + number(stop.loss) + ' nats' + (stop === file ? ', this file' : ''));
    code.textContent = data.before + stop.bytes + data.after;
    status.textContent = '';
  }

  function cell(button, format, index) {
    var tensor = data.tensors[index];
    var changed = format[0] !== tensor[1];
    button.textContent = format[0];
    button.className = 'cell ' + (tensor[4].length ? data.formats[format[0]][1] : 'kept') + (changed ? ' changed' : '');
    button.setAttribute('aria-label', tensor[0] + ', ' + format[0] + (changed ? ', ' + tensor[1] + ' in this file' : '') + ', show alternatives');
    button.title = tensor[0] + ': ' + format[0] + (changed ? '. ' + tensor[1] + ' in this file' : '. ' + notes[index]);
  }

  function details(format, index, stop) {
    var box = document.getElementById(article.id + '-t-' + index);
    var line = box.querySelector('.at');
    line.hidden = stop === file;
    line.textContent = 'At ' + bytes(stop.bytes) + ': ' + format[0] + ', ' + bytes(format[1]) + '.';
  }

  function row(index, format) {
    var changed = format[0] !== data.tensors[index][1];
    var cells = rows[index].cells;
    rows[index].className = changed ? 'changed' : '';
    cells[2].textContent = format[0];
    cells[3].textContent = bytes(format[1]);
    cells[4].textContent = number(format[2]);
    cells[5].textContent = changed ? data.tensors[index][1] + ' in this file' : notes[index];
  }

  function table(now) {
    var sums = new Map();
    var total = 0;
    now.forEach(function (format) {
      var sum = sums.get(format[0]) || [0, 0];
      sums.set(format[0], [sum[0] + 1, sum[1] + format[1]]);
      total += format[1];
    });
    var lines = Array.from(sums).sort(function (a, b) { return b[1][1] - a[1][1]; });
    shares.replaceChildren.apply(shares, lines.map(function (line) {
      var heading = make('th', line[0]);
      heading.scope = 'row';
      var row = document.createElement('tr');
      row.append(heading, make('td', number(data.formats[line[0]][0]), 'number'), make('td', line[1][0], 'number'),
        make('td', bytes(line[1][1]), 'number'), make('td', significant(100 * line[1][1] / total, 3) + ' %', 'number'));
      return row;
    }));
  }

  function show(index) {
    at = Math.max(0, Math.min(last, index));
    var stop = stops[at];
    var now = formats(stop);
    slider.value = stop.bytes;
    charts.forEach(function (svg) { chart(svg, stop); });
    readout(stop);
    cells.forEach(function (button) { cell(button, now[button.dataset.tensor], button.dataset.tensor); });
    now.forEach(function (format, index) { row(index, format); details(format, index, stop); });
    table(now);
    article.querySelector('.explorer').classList.toggle('moved', stop !== file);
  }

  function nearest(size) {
    var best = 0;
    stops.forEach(function (stop, index) {
      if (Math.abs(stop.bytes - size) < Math.abs(stops[best].bytes - size)) { best = index; }
    });
    return Math.abs(file.bytes - size) > Math.abs(stops[best].bytes - size) ? best : home;
  }

  function leap(share) {
    var next = nearest(stops[at].bytes + share * (stops[last].bytes - stops[0].bytes));
    return next === at ? at + Math.sign(share) : next;
  }

  slider.min = stops[0].bytes;
  slider.max = stops[last].bytes;
  slider.step = 1;
  slider.addEventListener('input', function () { show(nearest(Number(slider.value))); });
  slider.addEventListener('keydown', function (event) {
    var next = {
      ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1,
      PageUp: leap(0.05), PageDown: leap(-0.05), Home: 0, End: last
    }[event.key];
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) { return; }
    event.preventDefault();
    show(next);
  });
  charts.forEach(function (svg) {
    function point(event) {
      if (!(event.buttons & 1)) { return; }
      var sizes = svg.dataset.sizes.split(' ').map(Number);
      var box = svg.getBoundingClientRect();
      var x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
      show(nearest(sizes[0] + (x - sizes[2]) / (sizes[3] - sizes[2]) * (sizes[1] - sizes[0])));
    }
    svg.addEventListener('pointerdown', point);
    svg.addEventListener('pointermove', point);
  });
  article.querySelector('.back').addEventListener('click', function () {
    show(home);
    slider.focus();
  });
  article.querySelector('.copy').addEventListener('click', function () {
    function done() { status.textContent = 'Copied.'; }
    function select() {
      var range = document.createRange();
      range.selectNodeContents(code);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      status.textContent = document.execCommand('copy') ? 'Copied.' : 'Selected: press Ctrl+C.';
    }
    if (navigator.clipboard) { navigator.clipboard.writeText(code.textContent).then(done, select); } else { select(); }
  });
  article.querySelectorAll('.explorer [hidden]:not(.at)').forEach(function (part) { part.hidden = false; });
  show(home);
});
})();
