// Registers pages and components with glass-easel, each when it is first needed, what it uses before it.

import * as glassEasel from "glass-easel";
import { MiniProgramEnv } from "glass-easel-miniprogram-adapter";
import { addComponentStyle, addPageStyle } from "./styles.js";
import { everyElement, PARTS } from "./parts/all.js";
import * as program from "./program.js";
import { strangeTags, template } from "./templates.js";

const env = new MiniProgramEnv();
const space = env.createCodeSpace("app", true);
const backend = env.associateBackend();
const known = new Set();
const FROM_BROWSER = ["touchstart", "touchmove", "touchend", "touchcancel", "transitionend", "animationend"];
let builtIns = {};
let given = {};

export function setUp(globals) {
  given = globals;
  builtIns = Object.fromEntries(Object.keys(PARTS).map((name) => [`wx-${name}`, `/wx/${name}`]));
  const { setListenerStats } = backend._$;
  backend._$.setListenerStats = (element, type, ...more) => { // input, scroll, load … are told by the built-ins themselves
    if (FROM_BROWSER.includes(type)) setListenerStats.call(backend._$, element, type, ...more);
  };
  backend._$.onEvent((target, type, detail, options) => {
    const event = new glassEasel.Event(type, detail, options);
    glassEasel.Event.dispatchEvent(target, event);
    return event.defaultPrevented() ? glassEasel.EventBubbleStatus.NoDefault : glassEasel.EventBubbleStatus.Normal;
  });
  glassEasel.addGlobalWarningListener((words, where) => {
    const say = words.includes("type-incompatible") ? console.warn : console.error; // the former works in WeChat, too
    say(`${words} (${where && where.is ? where.is : where})`);
    return false;
  });
  space.setOverallBehavior(space.getComponentSpace().defineBehavior(everyElement()));
  for (const [name, part] of Object.entries(PARTS)) {
    const path = `wx/${name}`;
    space.addComponentStaticConfig(path, { component: true, usingComponents: {} });
    space.addStyleSheet(path, undefined, `wx-${name}`);
    space.addCompiledTemplate(path, template(path));
    space.componentEnv(path, ({ Component }) => Component(part()));
  }
}

export function runApp(app) {
  program.run("app.js", { ...given, App: app });
}

// The root of a page, not yet attached.
export function createPage(path) {
  register(path, true);
  return backend.createRoot("wx-page-root", space, path);
}

function register(path, isPage = false) {
  if (known.has(path)) return;
  known.add(path);
  const settings = program.settings(path);
  const everywhere = program.settings("app").usingComponents || {};
  const using = { ...absolute("app", everywhere), ...absolute(path, settings.usingComponents || {}) };
  if (program.text(`${path}.wxml`) === undefined) throw new Error(`${path} has no template`);
  for (const tag of strangeTags(path, using)) console.error(`${path}.wxml: <${tag}> is no component of this phone`);
  for (const one of Object.values(using)) register(one.slice(1));
  space.addCompiledTemplate(path, template(path));
  const scope = path.replace(/\W+/g, "_");
  const define = (options) => configure(path, isPage, settings, { ...builtIns, ...using }, options || {});
  if (isPage) addPageStyle(path);
  else {
    space.addStyleSheet(path, undefined, scope);
    addComponentStyle(path, scope);
  }
  let defined = false;
  space.componentEnv(path, ({ Page, Component, Behavior }) => {
    const once = (make) => (definition) => {
      defined = true;
      define(definition && definition.options);
      return make(definition);
    };
    program.run(`${path}.js`, { ...given, Page: once(Page), Component: once(Component), Behavior });
  });
  if (!defined) throw new Error(`${path}.js calls neither Page nor Component`);
}

// WeChat takes the style options from the JSON file or from Component's own; glass-easel from the former only.
function configure(path, isPage, settings, usingComponents, options) {
  const styleIsolation = settings.styleIsolation || options.styleIsolation || (options.addGlobalClass && "apply-shared");
  space.addComponentStaticConfig(path, {
    component: !isPage, usingComponents, componentGenerics: settings.componentGenerics,
    ...(styleIsolation && !isPage ? { styleIsolation } : {}),
  });
}

const absolute = (from, using) => Object.fromEntries(
  Object.entries(using).map(([name, path]) => [name, `/${program.resolve(from, path)}`]));
