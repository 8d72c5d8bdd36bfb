"use strict";
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  var charts = JSON.parse(document.getElementById("data").textContent).charts;
  var SVG = "http://www.w3.org/2000/svg";
  var DASH = { solid: "", dash: "5 3", dot: "1.5 2.5" };
  var LEFT = 46, RIGHT = 10, TOP = 10, BOTTOM = 24, HEIGHT = 210;
  var state = { weight: 0.9, log: false };

  function make(tag, values, words) {
    var node = document.createElementNS(SVG, tag);
    for (var name in values) if (values[name] !== "") node.setAttribute(name, values[name]);
    if (words !== undefined) node.textContent = words;
    return node;
  }

  function figure(value) {
    if (value === null || value === undefined || !isFinite(value)) return "–";
    var size = Math.abs(value), words;
    if (size !== 0 && (size >= 1e6 || size < 1e-3)) words = value.toExponential(2);
    else words = Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: size >= 1000 ? 6 : 3 });
    return words.replace("-", "−");
  }

  // The exponential average with its start bias removed; a row stands for `stride` equal reports.
  function smoothed(line) {
    var decay = Math.pow(state.weight, line.stride), total = 0, mass = 0;
    return line.mean.map(function (value) {
      if (value === null) return null;
      total = decay * total + value;
      mass = decay * mass + 1;
      return total / mass;
    });
  }

  function place(value) { return state.log ? (value > 0 ? Math.log10(value) : null) : value; }

  function niceStep(span, count) {
    var rough = Math.max(span, 1e-300) / count, power = Math.pow(10, Math.floor(Math.log10(rough)));
    return [1, 2, 5, 10].map(function (f) { return f * power; }).filter(function (s) { return rough <= s * (1 + 1e-9); })[0];
  }

  function multiples(low, high, step) {
    var found = [];
    for (var i = Math.ceil(low / step - 1e-6) || 0; i <= Math.floor(high / step + 1e-6) && found.length < 40; i++) found.push(i * step || 0);
    return found;
  }

  function range(chart) {
    var low = Infinity, high = -Infinity;
    chart.lines.forEach(function (line) {
      [line.low || line.mean, line.high || line.mean].forEach(function (part) {
        part.forEach(function (value) {
          var at = value === null ? null : place(value);
          if (at !== null) { low = Math.min(low, at); high = Math.max(high, at); }
        });
      });
    });
    if (low > high) return null;
    if (!state.log && chart.bounds) return chart.bounds;
    if (high - low < 1e-9 * Math.max(Math.abs(low), Math.abs(high), 1e-6)) {
      var pad = Math.max(Math.abs(high) * 0.1, 1e-3);
      low -= pad; high += pad;
    }
    if (state.log) return [low - 0.04 * (high - low), high + 0.04 * (high - low)];
    var step = niceStep(high - low, 4);
    return [Math.floor(low / step + 1e-6) * step, Math.ceil(high / step - 1e-6) * step];
  }

  function valueTicks(low, high) {
    if (state.log && high - low >= 1) {
      var every = Math.max(1, Math.ceil((high - low) / 5));
      return multiples(low, high, every).map(function (p) { return [p, figure(Math.pow(10, p))]; });
    }
    if (state.log) return [low, (low + high) / 2, high].map(function (p) { return [p, figure(Math.pow(10, p))]; });
    return multiples(low, high, niceStep(high - low, 4)).map(function (v) { return [v, figure(Math.abs(v) < 1e-12 ? 0 : v)]; });
  }

  function path(steps, values, x, y) {
    var found = [];
    values.forEach(function (value, i) {
      var at = value === null ? null : place(value);
      if (at !== null) found.push(x(steps[i]).toFixed(1) + " " + y(at).toFixed(1));
    });
    if (!found.length) return "";
    return "M" + (found.length === 1 ? [found[0], found[0]] : found).join("L");
  }

  function rawPath(line, x, y) {
    if (!line.low) return path(line.step, line.mean, x, y);
    var steps = [], values = [];
    line.step.forEach(function (step, i) { steps.push(step, step); values.push(line.low[i], line.high[i]); });
    return path(steps, values, x, y);
  }

  function draw(chart) {
    var card = document.getElementById("chart-" + chart.key), plot = card.querySelector("svg");
    var width = Math.max(plot.clientWidth, 220), span = range(chart);
    plot.setAttribute("viewBox", "0 0 " + width + " " + HEIGHT);
    plot.replaceChildren();
    var first = 0, last = 1;
    chart.lines.forEach(function (line) { last = Math.max(last, line.step[line.step.length - 1]); });
    var right = width - RIGHT, bottom = HEIGHT - BOTTOM;
    function x(step) { return LEFT + (step - first) / (last - first) * (right - LEFT); }
    if (!span) {
      plot.append(make("text", { x: width / 2, y: HEIGHT / 2, "text-anchor": "middle", fill: "var(--muted)" }, "Nothing above zero"));
      chart.x = null;
      return;
    }
    function y(at) { return bottom - Math.min(Math.max((at - span[0]) / (span[1] - span[0]), 0), 1) * (bottom - TOP); }
    valueTicks(span[0], span[1]).forEach(function (tick) {
      plot.append(make("path", { d: "M" + LEFT + " " + y(tick[0]) + "H" + right, stroke: "var(--grid)", fill: "none" }));
      plot.append(make("text", { x: LEFT - 6, y: y(tick[0]) + 4, "text-anchor": "end", fill: "var(--muted)" }, tick[1]));
    });
    var step = Math.max(niceStep(last - first, width < 400 ? 4 : 6), 1);
    multiples(first, last, step).forEach(function (at) {
      var end = x(at) > right - 14;
      plot.append(make("text", { x: x(at), y: bottom + 16, "text-anchor": end ? "end" : "middle", fill: "var(--muted)" }, at.toLocaleString("en")));
    });
    chart.theory.forEach(function (entry) {
      var at = place(entry[1]);
      if (at === null || at < span[0] || at > span[1]) return;
      plot.append(make("path", { d: "M" + LEFT + " " + y(at) + "H" + right, stroke: "var(--muted)", "stroke-dasharray": "5 4", fill: "none" }));
      plot.append(make("text", { x: right - 2, y: y(at) - 4, "text-anchor": "end", fill: "var(--muted)" }, entry[0]));
    });
    chart.marks.forEach(function (mark) {
      plot.append(make("path", { d: "M" + x(mark) + " " + TOP + "V" + bottom, stroke: "var(--accent)", "stroke-dasharray": "1 3" }));
    });
    chart.lines.forEach(function (line) {
      line.shown = smoothed(line);
      var common = { stroke: "var(--" + line.color + ")", fill: "none", "stroke-linejoin": "round", "stroke-dasharray": DASH[line.dash] };
      plot.append(make("path", Object.assign({ d: rawPath(line, x, y), "stroke-width": 1, opacity: 0.35 }, common)));
      plot.append(make("path", Object.assign({ d: path(line.step, line.shown, x, y), "stroke-width": 1.75 }, common)));
    });
    chart.cursor = make("path", { stroke: "var(--muted)", d: "" });
    plot.append(chart.cursor);
    chart.x = x; chart.first = first; chart.last = last; chart.left = LEFT; chart.right = right; chart.bottom = bottom;
  }

  function shownAt(line, step) {
    var row = nearest(line.step, step);
    while (row > 0 && line.shown[row] === null) row--;
    return line.shown[row];
  }

  function nearest(steps, step) {
    var low = 0, high = steps.length - 1;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (steps[middle] < step) low = middle + 1; else high = middle;
    }
    return low > 0 && step - steps[low - 1] < steps[low] - step ? low - 1 : low;
  }

  // One cursor through all charts; without one the legend shows the last values, as written by the report.
  function readout(step) {
    charts.forEach(function (chart) {
      if (!chart.x) return;
      var card = document.getElementById("chart-" + chart.key), values = card.querySelectorAll("[data-last]");
      var inside = step !== null && step >= chart.first && step <= chart.last;
      chart.cursor.setAttribute("d", inside ? "M" + chart.x(step) + " " + TOP + "V" + chart.bottom : "");
      card.querySelector(".at").textContent = inside ? "step " + Math.round(step).toLocaleString("en") : "";
      chart.lines.forEach(function (line, i) {
        values[i].textContent = inside ? figure(shownAt(line, step)) : values[i].dataset.last;
      });
    });
  }

  charts.forEach(function (chart) {
    var plot = document.querySelector("#chart-" + CSS.escape(chart.key) + " svg");
    var point = function (event) {
      if (!chart.x) return;
      var box = plot.getBoundingClientRect(), share = (event.clientX - box.left - chart.left) / (chart.right - chart.left);
      chart.at = chart.first + Math.min(Math.max(share, 0), 1) * (chart.last - chart.first);
      readout(chart.at);
    };
    plot.addEventListener("pointerdown", point);  // a tap moves nothing
    plot.addEventListener("pointermove", point);
    plot.addEventListener("pointerleave", function (event) { if (event.pointerType === "mouse") readout(null); });
    plot.setAttribute("tabindex", "0");
    plot.addEventListener("keydown", function (event) { byKey(chart, plot, event); });
    plot.addEventListener("blur", function () { readout(null); });
  });

  // Arrows go a hundredth of the steps, with Shift a tenth; Home and End to the ends, Escape leaves.
  function byKey(chart, plot, event) {
    if (!chart.x) return;
    var span = chart.last - chart.first, step = span / (event.shiftKey ? 10 : 100);
    var at = chart.at === undefined ? chart.last : chart.at;
    var to = { ArrowLeft: at - step, ArrowRight: at + step, Home: chart.first, End: chart.last }[event.key];
    if (event.key === "Escape") { readout(null); return; }
    if (to === undefined) return;
    event.preventDefault();
    chart.at = Math.min(Math.max(to, chart.first), chart.last);
    readout(chart.at);
    plot.setAttribute("aria-description", "step " + Math.round(chart.at).toLocaleString("en") + ": " +
      chart.lines.map(function (line) { return line.label + " " + figure(shownAt(line, chart.at)); }).join(", "));
  }

  function drawAll() { charts.forEach(draw); }
  var smoothing = document.getElementById("smoothing"), told = document.getElementById("smoothing-value"), log = document.getElementById("log");
  if (smoothing) {
    smoothing.addEventListener("input", function () {
      state.weight = Number(smoothing.value);
      told.textContent = state.weight.toFixed(2);
      drawAll();
    });
    log.addEventListener("change", function () { state.log = log.checked; drawAll(); });
    var width = 0;
    new ResizeObserver(function (entries) {
      var now = entries[0].contentRect.width;
      if (now !== width) { width = now; drawAll(); }
    }).observe(document.querySelector("#curves .charts"));
  }

  var film = Array.prototype.slice.call(document.querySelectorAll(".film figure")), big = document.getElementById("stage");
  var slider = document.getElementById("time");
  if (slider && film.length) {
    var label = document.getElementById("time-value");
    var show = function (place) {
      var shot = film[place], source = shot.querySelector("img");
      big.src = source.src; big.alt = source.alt;
      big.className = "big" + (source.classList.contains("small") ? " small" : "");
      label.textContent = shot.querySelector("figcaption").textContent;
      film.forEach(function (other) { other.classList.toggle("here", other === shot); });
      slider.value = place;
      slider.setAttribute("aria-valuetext", label.textContent);
    };
    film.forEach(function (shot, place) {
      shot.tabIndex = 0;
      shot.addEventListener("click", function () { show(place); });
      shot.addEventListener("keydown", function (event) { if (event.key === "Enter") show(place); });
    });
    slider.max = film.length - 1;
    slider.addEventListener("input", function () { show(Number(slider.value)); });
    big.closest(".stage-box").hidden = false;
    document.querySelector(".stage").classList.remove("alone");
    show(film.length - 1);
  }
})();
