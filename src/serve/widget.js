/*
 * What does <placet-reviews product="…"> do on a shop's page? It fetches what the page without JavaScript is made of and builds the same
 * with createElement and textContent: no HTML from data, no eval, no style attributes in markup, so that a strict policy (CSP, Trusted Types)
 * holds. It keeps nothing on the reader's device and sends no cookie. If anything fails, what stands between its tags is shown.
 */
(() => {
'use strict';
const script = document.currentScript;
const home = script && script.src ? new URL('.', script.src).href : location.origin;
/* language → the sentence for when nothing answers, not even /v1/words; widget.c puts it here from words.def, in the site's languages (the
   first is for all others), and leaves out all comments. */
const sorry = PLACET_FAILED;

/* Colours come from the page's own text colour, so that a dark page or a brand needs no setting. */
const css = `
:host{display:flow-root;container-type:inline-size;line-height:1.55;text-align:start}
:host([hidden]),[hidden]{display:none!important}
*{box-sizing:border-box;overflow-wrap:anywhere}
section{--soft:var(--placet-soft,color-mix(in srgb,currentColor 76%,transparent));--line:var(--placet-line,color-mix(in srgb,currentColor 17%,transparent));--wash:color-mix(in srgb,currentColor 8%,transparent);--r:var(--placet-radius,12px)}
h2,h3,p,ul,ol,figure,blockquote{margin:0;padding:0}
ul,ol{list-style:none}
h2{font-size:1.6em;line-height:1.2;letter-spacing:-.01em;text-wrap:balance}
h3{font-size:1.12em;line-height:1.35;margin-bottom:.3em;text-wrap:balance}
button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
:focus-visible{outline:3px solid var(--placet-accent,currentColor);outline-offset:2px;border-radius:6px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.stars{display:inline-block;line-height:1;letter-spacing:.08em}
.stars::before{content:"★★★★★";-webkit-text-fill-color:transparent;background:linear-gradient(to var(--to,right),var(--placet-star,#d97706) calc(var(--v)*100%),var(--line) 0);background-clip:text;-webkit-background-clip:text;print-color-adjust:exact}
[dir=rtl]{--to:left}
.sum{display:grid;gap:1.2em 3em;align-items:center;margin-top:1.2em}
.avg{display:flex;align-items:center;gap:.35em .9em;flex-wrap:wrap}
.avg b{font-size:3.2em;line-height:1;letter-spacing:-.03em}
.avg .stars{font-size:1.25em}
.avg small{display:block;font-size:.9em;color:var(--soft);margin-top:.3em}
.hist{display:grid;grid-template-columns:auto 1fr auto;gap:0 .7em;max-width:26em;font-size:.9em;font-variant-numeric:tabular-nums}
.hist :is(li,button){display:grid;grid-template-columns:subgrid;grid-column:1/-1}
.hist button{align-items:center;min-height:1.9em;text-align:start;border-radius:6px}
.hist button:disabled{cursor:default;color:var(--soft)}
.hist span{white-space:nowrap}
.hist button:enabled:hover,.hist [aria-pressed=true]{background:var(--wash)}
.hist [aria-pressed=true]{font-weight:700;box-shadow:0 0 0 .3em var(--wash)}
.bar{height:.55em;border-radius:9px;background:var(--line);overflow:hidden;print-color-adjust:exact}
.bar i{display:block;height:100%;width:calc(var(--v)*100%);background:var(--placet-star,#d97706)}
.all{margin-top:.7em;text-decoration:underline;text-underline-offset:.2em;min-height:1.9em}
.strip,.photos{display:flex;gap:.7em;overflow-x:auto;scroll-snap-type:x proximity;padding:4px;margin:-4px;scroll-padding:4px;scrollbar-width:thin}
.strip{margin-top:calc(1.6em - 4px)}
.photos{margin-top:calc(.9em - 4px)}
.strip>*,.photos>*{flex:none;scroll-snap-align:start;line-height:0;border-radius:var(--r)}
img{display:inline-block;height:min(var(--h),100cqi/var(--ar));width:auto;border-radius:var(--r);background-color:var(--wash);font-size:.8rem;line-height:1.3}
.strip img{--h:var(--placet-photo-height,clamp(12rem,34cqi,20rem))}
.photos img{--h:var(--placet-thumb-height,6.5rem)}
.photos.one img{--h:var(--placet-photo-height,clamp(12rem,45cqi,20rem))}
.items{margin-top:1.2em}
.item{display:grid;gap:.7em 2.5em;padding:1.6em 0;border-top:1px solid var(--line)}
.who{font-size:.92em;display:flex;flex-wrap:wrap;gap:.15em .8em;align-items:baseline}
.who>:not(b){color:var(--soft)}
.who b{color:var(--placet-ink,inherit)}
.ok::before{content:"✓ ";color:var(--placet-accent,currentColor);font-weight:700}
.flag{font-size:.88em;text-decoration:none;padding:.25em 0}
.flag:hover{text-decoration:underline}
.note{background:var(--wash);border-radius:9px;padding:.05em .6em}
.text{white-space:pre-line}
.body{max-width:44em;container-type:inline-size}
.tr{margin-top:.9em;padding-inline-start:.9em;border-inline-start:3px solid var(--line)}
.tr small{display:block;color:var(--soft);font-size:.85em}
.none{color:var(--soft);padding:1.6em 0;border-top:1px solid var(--line)}
.more{display:block;margin:.4em auto 0;padding:.7em 1.8em;border:1px solid currentColor;border-radius:99px;font-weight:600}
.more:hover{background:var(--wash)}
[aria-busy=true] .items,[aria-busy=true] .strip{opacity:.55}
.bone{background:var(--wash);border-radius:var(--r);margin-top:1.6em}
:host([layout=cards]) .items{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(19em,100%),1fr));gap:1.1em;margin-top:1.8em}
:host([layout=cards]) .item{border:1px solid var(--line);border-radius:var(--r);padding:1.2em;align-content:start}
@container(min-width:44rem){
.sum{grid-template-columns:max-content minmax(0,26em)}
.avg{display:block}.avg b{display:block;margin-bottom:.12em}
:host(:not([layout=cards])) .item{grid-template-columns:11.5em minmax(0,1fr)}
:host(:not([layout=cards])) .item :is(.who,.who>*){display:block}
:host(:not([layout=cards])) .item .stars{margin-bottom:.35em}
.item .note{margin:.3em 0;width:fit-content}
}
dialog{position:fixed;inset:0;width:100%;height:100%;max-width:none;max-height:none;margin:0;padding:0;border:0;background:#0d0d0c;color:#f4f2ee;overscroll-behavior:contain}
dialog[open]{display:grid;grid-template-rows:minmax(0,1fr) auto}
dialog::backdrop{background:#0d0d0c}
dialog figure{display:grid;place-items:center;container-type:size;touch-action:pinch-zoom;padding:3.6rem 1rem .8rem}
dialog img{height:auto;width:min(100cqw,100cqh*var(--ar),var(--max));max-width:none;border-radius:4px;vertical-align:top}
dialog>div{padding:.4rem 1.2rem 1.2rem;max-height:34vh;overflow:auto;width:min(100%,46rem);margin:auto;text-align:center;--soft:#c9c4bb;--line:#5a5750;--wash:#ffffff24}
dialog .ok::before{color:inherit}
dialog .who{justify-content:center;display:flex}
dialog .text{margin:.4em auto 0;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;overflow:hidden}
dialog button{position:absolute;z-index:1;width:3rem;height:3rem;border-radius:50%;background:#000a;font-size:1.5rem;line-height:1}
dialog button:hover{background:#444}
dialog :focus-visible{outline-color:#fff;border-radius:50%}
.count{position:absolute;top:1.2rem;inset-inline-start:1.2rem;font-variant-numeric:tabular-nums;line-height:1.4}
.shut{top:.6rem;inset-inline-end:.6rem}
.prev,.next{top:calc(50% - 3rem)}
.prev{inset-inline-start:.6rem}.next{inset-inline-end:.6rem}
@container(min-width:44rem){dialog figure{padding-inline:4.5rem}}
@media(forced-colors:active){.stars::before{content:none}.stars::after{content:attr(aria-label)}.bar{border:1px solid}.bar i{background:Highlight;forced-color-adjust:none}}
@media print{.strip,.photos{flex-wrap:wrap}.all,.more{display:none}.item{break-inside:avoid}}
`;
let sheet;

/* make('p', {class: 'x'}, 'text', child): attributes and children that are null are left out. */
function make(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {}))
    if (value != null && value !== false) node.setAttribute(key, value === true ? '' : value);
  node.append(...children.filter(child => child != null && child !== ''));
  return node;
}

/* What a text is marked with. `und` would tell a screen reader nothing. */
const tongue = of => ({lang: of.lang && of.lang !== 'und' ? of.lang : null, dir: of.dir || 'auto'});

function stars(value, max, told) {
  const node = make('span', {class: 'stars', part: 'stars', role: 'img', 'aria-label': told});
  node.style.setProperty('--v', Math.min(1, Math.max(0, value / max)));
  return node;
}

/* The photo's mean colour, which begins its ThumbHash: a blurred picture would need `img-src data:` of the page's policy. */
function meanColour(placeholder) {
  try {
    const h = atob(placeholder.split(':')[1]), at = i => h.charCodeAt(i);
    const bits = at(0) | at(1) << 8 | at(2) << 16;
    const l = (bits & 63) / 63, p = (bits >> 6 & 63) / 31.5 - 1, q = (bits >> 12 & 63) / 31.5 - 1;
    const b = l - 2 / 3 * p, r = (3 * l - b + q) / 2;
    return `rgb(${[r, r - q, b].map(c => Math.round(255 * Math.min(1, Math.max(0, c))))})`;
  } catch {
    return '';
  }
}

class PlacetReviews extends HTMLElement {
  static observedAttributes = ['product', 'territory', 'channel', 'lang', 'limit', 'src'];

  connectedCallback() {
    if (!this.shadowRoot) {
      sheet = sheet || new CSSStyleSheet();
      if (!sheet.cssRules.length) sheet.replaceSync(css);
      this.attachShadow({mode: 'open'}).adoptedStyleSheets = [sheet];
    }
    addEventListener('pageshow', this);
    this.begin();
  }

  disconnectedCallback() {
    removeEventListener('pageshow', this);
    if (this.abort) this.abort.abort();
  }

  /* A page that comes back as it was left (bfcache) may show what was withdrawn meanwhile. */
  handleEvent(event) {
    if (event.persisted) this.begin(this.many);
  }

  attributeChangedCallback() {
    if (this.isConnected && this.shadowRoot && !this.waiting) {
      this.waiting = true; /* several attributes changed at once are one change */
      queueMicrotask(() => {
        this.waiting = false;
        this.begin();
      });
    }
  }

  get base() {
    return new URL(this.getAttribute('src') || home, document.baseURI).href.replace(/\/$/, '');
  }

  /* The language of the element, of what it stands in, of the reader; `de_DE`, as some shops write it, is German too. */
  get tag() {
    const marked = this.closest('[lang]');
    for (const tag of [marked && marked.lang, navigator.language])
      try {
        return new Intl.Locale(tag.replace(/_/g, '-')).toString();
      } catch {}
    return 'en';
  }

  ask(path, parameters) {
    const query = new URLSearchParams(parameters);
    /* Asked again each time: what was withdrawn is gone at the next look, and what is unchanged costs a 304. */
    return fetch(this.base + path + (parameters ? '?' + query : ''),
      {signal: this.abort.signal, cache: 'no-cache', credentials: 'omit', referrerPolicy: 'no-referrer'})
      .then(answer => answer.ok ? answer.json() : Promise.reject(answer.status));
  }

  reviews() {
    const parameters = {lang: this.tag};
    for (const name of ['territory', 'channel', 'limit'])
      if (this.getAttribute(name)) parameters[name] = this.getAttribute(name);
    if (this.many) parameters.limit = this.many;
    if (this.rating) parameters.rating = this.rating;
    return this.ask(`/v1/products/${encodeURIComponent(this.getAttribute('product'))}/reviews`, parameters);
  }

  /* Runs `work` unless another began since; a failure leaves what is there, and says so. */
  async attempt(work) {
    if (this.abort) this.abort.abort();
    const mine = this.abort = new AbortController();
    if (this.root) this.root.setAttribute('aria-busy', 'true');
    const late = setTimeout(() => mine === this.abort && this.fail(), 8000);
    try {
      await work(() => mine === this.abort);
    } catch (error) {
      if (mine === this.abort) this.fail();
    }
    clearTimeout(late);
    if (mine === this.abort && this.root) this.root.removeAttribute('aria-busy');
  }

  /* What stands between the tags, if anything does; never an empty place. */
  fail() {
    const {language, script} = new Intl.Locale(this.tag).maximize();
    const told = this.sorry || sorry[`${language}-${script}`] || sorry[language] || Object.values(sorry)[0];
    if (this.root) {
      this.tell(told, true);
      this.settle();
    }
    else {
      this.shadowRoot.replaceChildren(make('slot', null, make('p', {class: 'none', role: 'status', dir: 'auto'}, told)));
      this.settle(true);
    }
  }

  /* Heard; seen only if it must be. */
  tell(text, seen) {
    this.status.className = seen ? 'none' : 'sr';
    this.status.textContent = text;
  }

  begin(many) {
    this.rating = 0;
    this.many = many; /* were shown, if more than at first */
    if (this.root) this.room(0);
    else this.shadowRoot.replaceChildren(this.bones());
    return this.attempt(async current => {
      this.sorry = '';
      const both = [this.ask('/v1/words', {lang: this.tag}).then(words => {
        if (current()) this.sorry = words.failed;
        return words;
      }), this.reviews()];
      await Promise.allSettled(both); /* a failure is told in the words of the reader's language, where they come */
      const [words, answer] = await Promise.all(both);
      await new Promise(requestAnimationFrame); /* not before the page has its styles: widths and what is in sight are looked at */
      if (!current()) return;
      this.words = words;
      this.draw(answer);
    });
  }

  /* The outline of what comes. */
  bones() {
    const box = make('section', {'aria-hidden': 'true'});
    for (const height of ['2em', '8em', '16em', '9em', '9em']) {
      const bone = make('div', {class: 'bone'});
      bone.style.height = height;
      box.append(bone);
    }
    return box;
  }

  number(value, digits) {
    return new Intl.NumberFormat(this.words.lang, {minimumFractionDigits: digits, maximumFractionDigits: 1}).format(value);
  }

  /* Of the forms of a MessageFormat, "one{# review} other{# reviews}", the one for a word, or for a number by the language's plural rules. */
  form(forms, by) {
    const name = typeof by === 'number' ? new Intl.PluralRules(this.words.lang).select(by) : by;
    const found = form => (forms.match(`\\b${form}\\{([^}]*)\\}`) || [])[1];
    return (found(name) ?? found('other')).replace('#', () => this.number(by, 0));
  }

  draw(answer) {
    const w = this.words, first = !this.root;
    this.list = make('ol', {class: 'items', part: 'list'});
    this.strip = make('div', {class: 'strip', part: 'gallery', role: 'group', 'aria-label': w.photos});
    this.more = make('button', {class: 'more', part: 'more', type: 'button'}, w.more);
    this.more.onclick = () => this.further();
    this.status = make('p', {class: 'sr', role: 'status'});
    this.root = make('section', {part: 'root', lang: w.lang, dir: w.dir, 'aria-labelledby': 'h'},
      make('h2', {id: 'h', part: 'heading'}, w.heading), this.summary(answer.summary), this.strip, this.list, this.more, this.status);
    this.box = this.lightbox();
    this.shadowRoot.replaceChildren(this.root, this.box);
    this.fill(answer);
    this.settle(first);
  }

  /* Makes room at once, while what moves was asked for by the reader: an answer may come when that is forgotten (0.5 s). */
  room(more) {
    this.style.minHeight = `${this.offsetHeight + more}px`;
  }

  /* The room is given back only where nobody can see what moves; at first it is the page's own `min-height`. */
  settle(first) {
    const top = this.getBoundingClientRect().top, end = top + (this.root ? this.root.offsetHeight : 0);
    this.style.minHeight = top >= innerHeight || end >= innerHeight ? '0' : first ? '' : `${innerHeight - top}px`;
  }

  summary(sum) {
    if (!sum || !sum.count) return null;
    const w = this.words, average = this.number(sum.average, 1);
    const rows = make('ol', {class: 'hist', part: 'histogram'});
    this.stars = [];
    for (let star = 5; star >= 1; star--) {
      const n = sum.histogram[star], bar = make('i');
      bar.style.setProperty('--v', n / sum.count); /* of all reviews: a bar that is full says "everybody" */
      const row = make('button', {type: 'button', 'aria-pressed': 'false', disabled: !n},
        make('span', null, this.number(star, 0) + ' ★'), make('span', {class: 'bar'}, bar), make('span', null, this.number(n, 0)));
      row.onclick = () => this.filter(this.rating === star ? 0 : star);
      this.stars[star] = row;
      rows.append(make('li', null, row));
    }
    this.every = make('button', {class: 'all', type: 'button', hidden: true}, w.all);
    this.every.onclick = () => {
      this.stars[this.rating].focus();
      this.filter(0);
    };
    return make('div', {class: 'sum', part: 'summary'},
      make('div', {class: 'avg'}, make('b', null, average), make('span', null, stars(sum.average, 5, average + ' / 5'),
        make('small', null, this.form(w.reviews, sum.count)))),
      make('div', null, rows, this.every));
  }

  choose(star) {
    this.rating = star;
    this.stars.forEach((row, i) => row.setAttribute('aria-pressed', String(i === star)));
    this.every.hidden = !star;
  }

  /* Of the list alone: average and bars are over all reviews, whatever is looked at. */
  filter(star) {
    return this.attempt(async current => {
      const before = this.rating;
      this.many = 0;
      this.choose(star);
      this.room(0);
      const answer = await this.reviews().catch(error => {
        if (current()) this.choose(before);
        throw error;
      });
      if (!current()) return;
      this.fill(answer);
      this.settle();
    });
  }

  further() {
    return this.attempt(async current => {
      this.room(innerHeight);
      const answer = await this.ask(this.next);
      if (!current()) return;
      const first = this.list.children.length;
      this.fill(answer, true);
      this.many = Math.min(50, this.list.children.length);
      this.settle();
      const item = this.list.children[first];
      if (item) item.focus({preventScroll: true});
    });
  }

  fill(answer, add) {
    const w = this.words, items = answer.items;
    if (!add) {
      this.photos = [];
      this.list.replaceChildren();
      this.strip.replaceChildren();
    }
    const known = this.photos.length;
    for (const item of items)
      for (const photo of item.photos || []) this.photos.push({photo, item});
    const gallery = this.photos.length > 1;
    if (gallery) this.strip.append(...this.photos.slice(this.strip.children.length).map(shown => this.thumb(shown)));
    this.strip.hidden = !gallery;
    let at = known;
    for (const item of items) {
      const shown = this.photos.slice(at, at += (item.photos || []).length);
      this.list.append(this.review(item, shown, !gallery));
    }
    if (!this.list.children.length) this.list.append(make('li', {class: 'none'}, w.none));
    this.next = answer.next;
    this.more.hidden = !answer.next;
    this.tell(this.form(w.reviews, this.list.querySelectorAll('.item').length));
    /* Once it has a width, for it may stand in a tab that is closed. Below the fold, or not the first: only when it comes near. */
    const box = new ResizeObserver(() => {
      box.disconnect();
      const seen = this.getBoundingClientRect().top < innerHeight;
      this.root.querySelectorAll('img').forEach((image, i) => this.source(image, seen && !add && i === 0));
    });
    box.observe(this);
  }

  review(item, shown, large) {
    const w = this.words, r = item.rating, t = item.translation;
    const body = make('div', {class: 'body'});
    for (const [of, name, label] of [[item, null], t ? [t, 'tr', this.form(w.translation, t.by || 'human')] : []]) {
      if (!of) continue;
      const texts = [of.title && make('h3', tongue(of), of.title), of.text && make('blockquote', {class: 'text', part: 'text', ...tongue(of)}, of.text)];
      if (name) body.append(make('div', {class: name}, make('small', null, label), ...texts));
      else body.append(...texts.filter(Boolean));
    }
    if (shown.length)
      body.append(make('div', {class: 'photos' + (large ? ' one' : '')}, ...shown.map(one => this.thumb(one))));
    return make('li', {class: 'item', part: 'review', tabindex: '-1'}, this.who(item, r, item.id), body);
  }

  /* Under `id` it is reported, on a page of its own that opens beside the shop's. */
  who(item, r, id) {
    const w = this.words, v = item.verification, d = item.disclosure;
    let country = null, date = null;
    try {
      country = item.country && new Intl.DisplayNames(w.lang, {type: 'region'}).of(item.country);
    } catch {
      country = item.country;
    }
    if (item.written_at)
      date = make('time', {datetime: item.written_at.slice(0, 10)},
        new Intl.DateTimeFormat(w.lang, {dateStyle: 'long', timeZone: 'UTC', calendar: 'gregory'}).format(new Date(item.written_at)));
    return make('div', {class: 'who', part: 'byline'},
      r && stars(1 + 4 * (r.value - r.min) / (r.max - r.min || 1), 5, `${this.number(r.value, 0)} / ${this.number(r.max, 0)}`),
      item.author && make('b', {part: 'author'}, make('bdi', null, item.author)), country && make('span', null, country), date,
      v && v.label && make('span', {class: 'ok', part: 'verified'}, v.label),
      d && make('span', {class: 'note', part: 'disclosure'}, d.label || d.connection),
      make('a', {class: 'flag', part: 'report', href: `${this.base}/v1/report?item=${id}&lang=${w.lang}`, target: '_blank', rel: 'noopener noreferrer nofollow',
        'aria-label': item.author && `${w.report}: ${item.author}`}, w.report));
  }

  /* Which photo is told by its alternative text, else by whose it is. */
  thumb(shown) {
    const button = make('button', {type: 'button', part: 'photo', 'aria-haspopup': 'dialog'}, this.picture(shown));
    button.onclick = () => this.show(this.photos.indexOf(shown));
    return button;
  }

  /* Photos are shown whole: a crop by CSS would be a crop, which not every permission covers. */
  picture({photo}) {
    const image = make('img', {width: photo.width, height: photo.height, decoding: 'async', referrerpolicy: 'no-referrer', lang: tongue(photo).lang,
      alt: photo.alt || (photo.credit ? this.words.photo + photo.credit : this.words.photos)});
    image.style.backgroundColor = meanColour(photo.placeholder);
    image.style.setProperty('--ar', photo.width / photo.height);
    image.style.setProperty('--max', Math.max(...photo.sources.flatMap(one => one.srcset.map(pair => pair[1]))) + 'px');
    /* Withdrawn since: its place stays, so that nothing jumps, but nobody comes upon it. */
    image.onerror = () => { (image.closest('button') || image).style.visibility = 'hidden'; };
    image.photo = photo;
    return make('picture', null, image);
  }

  /* Once it stands in the page and its width is known, whatever the theme made of it: so `sizes` is the truth. */
  source(image, first) {
    const photo = image.photo;
    if (!photo || image.sizes) return;
    const sizes = `${Math.floor(image.getBoundingClientRect().width)}px`;
    const set = one => one.srcset.map(([path, width]) => `${this.base}${path} ${width}w`).join(', ');
    image.sizes = sizes;
    if (first) image.fetchPriority = 'high';
    else image.loading = 'lazy';
    const last = photo.sources[photo.sources.length - 1];
    for (const one of photo.sources)
      if (one !== last) image.before(make('source', {type: one.type, srcset: set(one), sizes}));
    if (last) image.srcset = set(last);
  }

  lightbox() {
    const w = this.words, key = (name, label, sign, work) => {
      const button = make('button', {class: name, type: 'button', 'aria-label': label}, sign);
      button.onclick = work;
      return button;
    };
    const step = by => this.show((this.at + by + this.photos.length) % this.photos.length);
    this.stage = make('figure');
    this.told = make('div', {'aria-live': 'polite', tabindex: '0'});
    this.count = make('span', {class: 'count'});
    const box = make('dialog', {part: 'lightbox', 'aria-label': w.photos, lang: w.lang, dir: w.dir}, this.stage, this.told, this.count,
      /* ‹ and › are mirrored by themselves (Unicode, Bidi_Mirrored) */
      key('prev', w.previous, '‹', () => step(-1)), key('next', w.next, '›', () => step(1)), key('shut', w.close, '×', () => box.close()));
    box.onkeydown = event => {
      const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (by) {
        event.preventDefault();
        step(w.dir === 'rtl' ? -by : by);
      }
    };
    box.onclick = event => {
      if (event.target === box || event.target === this.stage) box.close();
    };
    let from;
    this.stage.onpointerdown = event => { from = event.clientX; };
    this.stage.onpointerup = event => {
      const by = event.clientX - from;
      if (event.pointerType !== 'mouse' && Math.abs(by) > 40) step(by < 0 === (w.dir !== 'rtl') ? 1 : -1);
    };
    box.onclose = () => {
      if (this.opener) this.opener.focus();
      this.opener = null;
      this.stage.replaceChildren();
    };
    return box;
  }

  show(index) {
    const shown = this.photos[index], {photo, item} = shown, w = this.words, d = photo.disclosure;
    this.at = index;
    this.stage.replaceChildren(this.picture(shown));
    this.told.replaceChildren(this.who({...item, disclosure: d || item.disclosure}, item.rating, photo.id),
      ...[photo.credit && photo.credit !== item.author && make('p', {class: 'who'}, w.photo + photo.credit),
        item.kind === 'review' && item.text && make('p', {class: 'text', ...tongue(item)}, item.excerpt || item.text)].filter(Boolean));
    this.count.textContent = `${this.number(index + 1, 0)} / ${this.number(this.photos.length, 0)}`;
    for (const name of ['prev', 'next']) this.box.querySelector('.' + name).hidden = this.photos.length < 2;
    if (!this.box.open) {
      this.opener = this.shadowRoot.activeElement;
      this.box.showModal();
      this.box.querySelector('.shut').focus();
    }
    this.source(this.stage.querySelector('img'), true);
  }
}

if (!customElements.get('placet-reviews')) customElements.define('placet-reviews', PlacetReviews);
})();
