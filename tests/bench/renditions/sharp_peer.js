// What do these files cost with sharp? node sharp_peer.js each|raw|nothing PHOTO FOLDER "webp 80 1920 0"…
// each: every file from the photo. raw: decoded once at the largest size that a file needs, then each from those pixels.
const [, , how, photo, folder, ...orders] = process.argv;
const sharp = require(require.resolve('sharp', { paths: [process.env.SHARP_DIR] }));
sharp.concurrency(1);
sharp.cache(false);

function write(image, [kind, quality, width, height]) {
  image = image.resize(width, height || null, height ? { fit: 'cover', position: 'centre' } : {});
  if (kind === 'webp') return image.webp({ quality, effort: 4 }).toFile(`${folder}/${kind}-${width}x${height}.webp`);
  return image.flatten({ background: '#ffffff' }).jpeg({ quality }).toFile(`${folder}/${kind}-${width}x${height}.jpg`);
}

(async () => {
  if (how === 'nothing') return;
  const list = orders.map((o) => { const [k, q, w, h] = o.split(' '); return [k, +q, +w, +h]; });
  if (how === 'each') {
    for (const order of list) await write(sharp(photo).rotate(), order);
    return;
  }
  const m = await sharp(photo).metadata();
  const [w, h] = m.orientation >= 5 ? [m.height, m.width] : [m.width, m.height];
  const scale = Math.min(1, Math.max(...list.map(([, , ow, oh]) => Math.max(ow / w, oh / h))));
  const { data, info } = await sharp(photo).rotate().resize(Math.round(w * scale), Math.round(h * scale))
    .raw().toBuffer({ resolveWithObject: true });
  for (const order of list)
    await write(sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } }), order);
})().catch((e) => { console.error(e.message); process.exit(1); });
