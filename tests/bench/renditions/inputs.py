"""Which photos are measured? Those of the corpora, and some made of them by libvips: the sizes and kinds that phones and shops send."""
import os
import subprocess

IPHONES = ("meta/test-assets/IMG_2682.heic", "meta/exif-samples/IMG_5195.HEIC", "meta/photoprism/iphone_15_pro.heic")


def corpora(name):
    return os.path.join(os.environ["PLACET_CORPORA"], name)


def vips(*words):
    subprocess.run(["vips", *words], check=True, stdout=subprocess.DEVNULL)


def save(source, target):
    """`target` may name the saver's options: a.jpg[Q=90]. The path without them."""
    vips("copy", source, target)
    return target.split("[")[0]


def header(path, field):
    return int(subprocess.run(["vipsheader", "-f", field, path], check=True, capture_output=True, text=True).stdout)


def scale_to(path, megapixels):
    return (megapixels * 1e6 / header(path, "width") / header(path, "height")) ** 0.5


def enlarged(source, folder, megapixels):
    """More pixels than the camera had: with noise, as a sensor of that many has, since smooth ones would cost too little."""
    large, grain, noisy, done = (os.path.join(folder, f"{n}.v") for n in ("large", "grain", "noisy", f"{int(megapixels)}mp"))
    vips("resize", source, large, str(scale_to(source, megapixels)), "--kernel", "cubic")
    vips("gaussnoise", grain, str(header(large, "width")), str(header(large, "height")), "--sigma", "3", "--mean", "0")
    vips("add", large, grain, noisy)
    vips("cast", noisy, done, "uchar")
    for made in (large, grain, noisy):
        os.remove(made)
    return done


def blocks(source, folder, megapixels):
    """A photo of large even blocks: many pixels in few bytes, so that no limit of bytes hides what they cost in memory."""
    small, done = os.path.join(folder, "small.v"), os.path.join(folder, f"{int(megapixels)}blocks.v")
    vips("thumbnail", source, small, "400")
    vips("resize", small, done, str(scale_to(small, megapixels)), "--kernel", "nearest")
    return done


def photos(folder):
    """(kind, path): phones' JPEGs, other JPEGs (from the web, most progressive), HEIC, PNG."""
    def made(name):
        return os.path.join(folder, name)
    heic = [corpora(n) for n in IPHONES]
    found = [corpora(n) for n in ("meta/exif-samples/iphone_hdr_YES.jpg", "meta/exif-samples/jolla.jpg", "meta/libvips/ultra-hdr.jpg")]
    found += [save(source, made(f"iphone-{i}-12mp.jpg[Q=93,subsample_mode=on]")) for i, source in enumerate(heic[:2])]
    found.append(save(enlarged(heic[0], folder, 48), made("iphone-48mp.jpg[Q=90,subsample_mode=on]")))
    other = [corpora(n) for n in ("photos/sharp/2569067123_aca715a2ee_o.jpg", "photos/test-assets/japanese-shop.jpg", "photos/test-assets/craft-beer.jpg")]
    png = [save(corpora("photos/test-assets/japanese-shop.jpg"), made("12mp.png[compression=6]")), corpora("photos/saleor/saleor-mighty-mug.png")]
    return [(kind, path) for kind, paths in (("phone", found), ("other", other), ("heic", heic), ("png", png)) for path in paths]


def large(folder):
    """(title, MiB that the worker may use, path), the largest of each kind that the limit of 50 megapixels lets in."""
    def made(name):
        return os.path.join(folder, name)

    def alpha(source):
        out = source.replace(".v", "a.v")
        mask = made("mask.v")
        vips("extract_band", source, mask, "1")
        vips("bandjoin", f"{source} {mask}", out)
        return out

    def wide(source):
        out = source.replace(".v", "w.v")
        vips("colourspace", source, out, "rgb16")
        return out
    source = corpora(IPHONES[0])
    mp16, mp48, mp50 = (enlarged(source, folder, n) for n in (16, 48, 49.9))
    blocks12, blocks50 = (blocks(source, folder, n) for n in (12, 49.9))
    yield "JPEG 16 MP", 128, save(mp16, made("16.jpg[Q=92,subsample_mode=on]"))
    yield "JPEG 48 MP", 160, save(mp48, made("48.jpg[Q=92,subsample_mode=on]"))
    yield "JPEG 48 MP 4:4:4", 160, save(mp48, made("48f.jpg[Q=92,subsample_mode=off]"))
    yield "JPEG progressive 50 MP", 512, save(mp50, made("50p.jpg[Q=90,subsample_mode=on,interlace]"))
    yield "JPEG progressive 50 MP 4:4:4", 512, save(mp50, made("50pf.jpg[Q=90,subsample_mode=off,interlace]"))
    yield "PNG RGBA 4 MP", 512, corpora("photos/saleor/saleor-mighty-mug.png")
    yield "PNG 50 MP", 512, save(blocks50, made("50.png[compression=6]"))
    yield "PNG RGBA 50 MP", 512, save(alpha(blocks50), made("50a.png[compression=6]"))
    yield "PNG RGBA 16 bit 50 MP", 512, save(wide(alpha(blocks50)), made("50aw.png[compression=6]"))
    yield "PNG RGBA 16 bit interlaced 50 MP", 512, save(wide(alpha(blocks50)), made("50awi.png[compression=6,interlace]"))
    yield "WebP 50 MP", 512, save(mp50, made("50.webp[effort=0]"))
    yield "WebP RGBA 50 MP", 512, save(alpha(mp50), made("50a.webp[effort=0]"))
    yield "TIFF tiled JPEG 50 MP", 512, save(mp50, made("50.tif[compression=jpeg,tile]"))
    yield "TIFF RGBA 16 bit 50 MP", 512, save(wide(alpha(blocks50)), made("50aw.tif[compression=deflate,predictor=horizontal]"))
    yield "GIF 16 MP", 512, save(mp16, made("16.gif[effort=1,dither=0]"))
    yield "GIF 50 MP", 512, save(blocks50, made("50.gif[effort=1,dither=0]"))
    yield "AVIF 50 MP", 512, save(blocks50, made("50.avif[Q=40,effort=0]"))
    yield "AVIF RGBA 50 MP", 512, save(alpha(blocks50), made("50a.avif[Q=40,effort=0]"))
    yield "AVIF RGBA 12 bit 12 MP", 512, save(wide(alpha(blocks12)), made("12aw.avif[Q=40,effort=0,bitdepth=12,subsample_mode=off]"))
    yield "AVIF 12 bit 50 MP", 512, save(wide(blocks50), made("50w.avif[Q=40,effort=0,bitdepth=12]"))
    yield "HEIC 50 MP", 512, save(blocks50, made("50.heic[Q=40,effort=0]"))
