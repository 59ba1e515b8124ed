// One comparison: its controls, and all that follows them.

// Names of the output where the whole solution is asked for.
const WHOLE = ['', 'vector'];

/** From the place of a slider to its number: powers of ten, and 0 at the left end if it has one. */
function sliderValue(input) {
  const place = Number(input.value);
  if (input.dataset.scale === 'linear') return place / 100;
  if (input.dataset.zero !== undefined && place === Number(input.min)) return 0;
  return 10 ** (place / 10);
}

function sliderText(input) {
  const value = sliderValue(input);
  if (input.dataset.scale !== 'linear') return factorText(value);
  return value === 0 ? 'as billed' : `× N^${value.toFixed(2)}`.replace('-', '−');
}

/** Brings one panel to life; returns what draws it again, at another width say. */
function makePanel(study, task, panel) {
  const find = (role) => panel.querySelector(`[data-role="${role}"]`);
  const sliders = [...panel.querySelectorAll('input[data-assumption]')];
  const view = {
    study, task, choice: {}, curves: [], hidden: new Set(), svg: find('chart'),
    tooltip: find('tooltip'), scale: null, all: [],
  };

  function readControls() {
    const assumed = {...AS_BILLED};
    for (const input of sliders) {
      assumed[input.dataset.assumption] = sliderValue(input);
      const text = sliderText(input);
      panel.querySelector(`output[for="${input.id}"]`).textContent = text;
      input.setAttribute('aria-valuetext', text);
    }
    view.choice = {device: find('device').value, strategy: find('strategy').value, assumed};
  }

  function draw() {
    const width = view.svg.parentElement.clientWidth || 900;
    view.curves = view.all.filter((curve) => !view.hidden.has(curve.key));
    const shown = view.crossings.filter(({curve}) => !view.hidden.has(curve.key));
    view.scale = drawChart(view.svg, view.curves, shown, task, width);
    showStop(view, null);
  }

  function drawSize() {
    const solver = find('solver').value;
    const curve = view.all.find(({key}) => key === solver);
    if (!curve) {
      const none = 'No solver has bills here: the verdict says why.';
      find('breakdown').replaceChildren(element('p', {class: 'quiet'}, none));
      return;
    }
    const slider = find('size');
    slider.max = curve.points.length - 1;
    const point = curve.points[Number(slider.value)];
    const text = `N = ${sizeText(point.size)}`;
    find('size-text').textContent = text;
    slider.setAttribute('aria-valuetext', text);
    drawBreakdown(find('breakdown'), study, point.answer);
    drawSensitivity(find('sensitivity'), task.sensitivity.filter((line) => !line.aside
      && line.quantum === curve.label && line.device === view.choice.device
      && line.strategy === view.choice.strategy));
  }

  function refresh() {
    readControls();
    view.all = curvesOf(study, task, view.choice);
    view.crossings = crossingsOf(view.all);
    const sentences = view.crossings.map((found) => element('p', {},
      crossingSentence(study, task, found)));
    find('live').replaceChildren(...sentences);
    draw();
    drawSize();
  }

  function makeLegend() {
    const buttons = view.all.map((curve) => {
      const swatch = drawn('svg', {width: 30, height: 14, 'aria-hidden': 'true'},
        drawn('path', {class: `series colour-${curve.place % 7} ${curve.kind}`, d: 'M1 7H29'}));
      if (curve.kind === 'classical') {
        swatch.append(drawn('path', {class: `series colour-${curve.place % 7} measured`,
          d: markerPath(curve.place, 15, 7)}));
      }
      const whole = curve.kind === 'classical' && curve.whole && !WHOLE.includes(task.output);
      const note = curve.kind === 'quantum' ? 'quantum, projected'
        : whole ? 'classical, whole solution' : 'classical';
      const button = element('button', {type: 'button', 'aria-pressed': 'true'}, swatch,
        curve.label, element('small', {}, note));
      button.addEventListener('click', () => {
        const show = view.hidden.delete(curve.key);
        if (!show) view.hidden.add(curve.key);
        button.setAttribute('aria-pressed', String(show));
        draw();
      });
      return button;
    });
    find('legend').replaceChildren(...buttons);
  }

  function reset() {
    for (const input of sliders) input.value = input.defaultValue;
    for (const select of panel.querySelectorAll('select')) {
      select.selectedIndex = [...select.options].findIndex((option) => option.defaultSelected);
    }
    refresh();
  }

  for (const input of sliders) input.addEventListener('input', refresh);
  for (const role of ['device', 'strategy']) find(role).addEventListener('change', refresh);
  for (const role of ['solver', 'size']) find(role).addEventListener('input', drawSize);
  find('reset').addEventListener('click', reset);
  offer(find('curves-csv'), `${task.name}-curves.csv`, 'text/csv', () => curvesCsv(view));
  offerMeasured(task, find);
  refresh();
  makeLegend();
  makeExplorable(view);
  return draw;
}
