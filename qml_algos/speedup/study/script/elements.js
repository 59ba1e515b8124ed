// Elements of the page, made without markup: nothing that was measured is ever read as HTML.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function drawn(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** A row of a table: its heading and its figures. */
function tableRow(heading, ...figures) {
  const cells = figures.map((figure) => element('td', {}, figure));
  return element('tr', {}, element('th', {scope: 'row'}, heading), ...cells);
}
