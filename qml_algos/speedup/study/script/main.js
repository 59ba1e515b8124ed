// The page: one tab for each comparison, its panel made when it is first looked at.

const study = JSON.parse(document.getElementById('study').textContent);
const tabs = [...document.querySelectorAll('[role="tab"]')];
const panels = [...document.querySelectorAll('[data-panel]')];
const redraw = new Map();

function openTab(place) {
  tabs.forEach((tab, index) => {
    tab.setAttribute('aria-selected', String(index === place));
    tab.tabIndex = index === place ? 0 : -1;
  });
  panels.forEach((panel, index) => { panel.hidden = index !== place; });
  make(place);
}

/** Brings a panel to life; one without a projection has nothing but data to hand out. */
function makeAny(task, panel) {
  if (task.quantum) return makePanel(study, task, panel);
  offerMeasured(task, (role) => panel.querySelector(`[data-role="${role}"]`));
  return () => {};
}

function make(place) {
  if (redraw.has(place)) redraw.get(place)();
  else redraw.set(place, makeAny(study.tasks[place], panels[place]));
}

tabs.forEach((tab, place) => {
  tab.addEventListener('click', () => openTab(place));
  tab.addEventListener('keydown', (event) => {
    const next = {ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: tabs.length - 1}[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const target = (next + tabs.length) % tabs.length;
    openTab(target);
    tabs[target].focus();
  });
});

// All panels are printed, those too that nobody has opened.
addEventListener('beforeprint', () => panels.forEach((_, place) => make(place)));

let lastWidth = document.documentElement.clientWidth;
addEventListener('resize', () => {
  // Phones report a new height whenever their bars come and go.
  if (document.documentElement.clientWidth === lastWidth) return;
  lastWidth = document.documentElement.clientWidth;
  redraw.forEach((draw, place) => { if (!panels[place].hidden) draw(); });
});

const asked = panels.findIndex((panel) => `#${panel.id}` === location.hash);
openTab(Math.max(0, asked));
