#!/usr/bin/env python3
"""Does the model learn nothing that it is measured with, and only whole texts?

With PLACET_LANGID the texts in its folder train/ are looked at: what tools/train-language would learn of them and what dev/ holds must have
no line in common (PLACET_TEST_ALL=1; with PLACET_LANGREPOS, the folder of git repositories, the texts of programs too).
"""
import glob
import importlib.machinery
import importlib.util
import os
import random
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/support"))
import tap  # noqa: E402

BUILD = os.path.dirname(os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin")))


def load():
    loader = importlib.machinery.SourceFileLoader("train_language", os.path.join(TOP, "tools/train-language"))
    sys.dont_write_bytecode = True
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("train_language", loader))
    loader.exec_module(module)
    return module


TRAIN = load()


def keys(*lines):
    return [TRAIN.key_of(folded) for folded in TRAIN.fold(BUILD, lines)]


def evaluation_of(*lines):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "sentences.tsv"), "w", encoding="utf-8") as f:
            f.writelines(f"xx\t{line}\n" for line in lines)
        return TRAIN.Evaluation(BUILD, folder)


def test_lines_that_the_detector_reads_alike_are_one():
    for one, other in (("Die Lampe ist hell.", "„DIE LAMPE IST HELL“ 24!"), ("طَعامُ الأَثيمِ كان", "طعام الأثيم كان"),
                       ("To neće biti samo pitanje", "То неће бити само питање"), ("خون ریزی شد", "خونریزی شد"),
                       ("https://x.example/ hello  there you", "hello there, you"), ("ﬁne ｌａｍｐ here", "fine lamp here"), ("l’eau d'ici coule", "leau dici coule")):
        assert len(set(keys(one, other))) == 1, (one, other)
    assert len(set(keys("Die Lampe ist hell", "Die Lampe ist hel", "Die Lampe", ""))) == 4
    assert keys("", "12 – 34 !") == ["", ""]


def test_what_is_evaluated_is_not_learnt():
    lines = ["Das ist ein ganzer Satz.", "Der bleibt bestimmt stehen.", "А ово је питање политичке воље"]
    evaluation = evaluation_of("„das ist EIN ganzer Satz“", "A ovo je pitanje političke volje!")
    assert list(evaluation.without(lines, "de")) == lines[1:2]
    assert evaluation.listed == set(keys(lines[0], lines[2])), "and what was found is what the list is written of"


def test_labels_are_no_text():
    assert list(evaluation_of("x y z").without(["Konto", "OK", "Konto 12 löschen?", "Das Konto löschen"], "de")) == ["Das Konto löschen"]
    assert list(evaluation_of("x y z").without(["设置", "请打开设置"], "zh-Hans")) == ["请打开设置"]


def test_hindi_is_spelt_as_it_is_typed():
    typist = TRAIN.hindi.Typist(random.Random(1))
    for word, usual in (("अच्छा", "accha acha achha"), ("बहुत", "bahut bohot bhot"), ("नहीं", "nahi nahin nhi"), ("पहले", "pehle"), ("वसूल", "vasool wasul"),
                        ("कपड़ा", "kapda"), ("फोन", "fon phon"), ("ज़रूर", "zaroor jarur"), ("मित्र", "mitra"), ("समझना", "samajhna"), ("लंबा", "lamba"),
                        ("बातें", "baate baaten bate"), ("बढ़िया", "badhiya"), ("ज्ञान", "gyan")):
        drawn = [typist.word(word) for _ in range(200)]
        assert set(usual.split()) <= set(drawn), (word, sorted(set(drawn)))
        assert drawn.count("achchha") <= 2, "nobody writes it"
    assert typist.word("lamp") == "" and typist.word("") == ""


def test_a_text_of_hindi_is_typed_more_than_once_and_not_the_same():
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "sentences"))
        with open(os.path.join(folder, "sentences", "hi.tsv"), "w", encoding="utf-8") as f:
            f.write("cv\tयह बहुत अच्छा दीपक है और रोशनी भी अच्छी है।\nud\tयह नहीं\n")
        texts = list(TRAIN.text_of(folder, None, "hi-Latn", {"cv"}, evaluation_of("x y z")))
    assert len(texts) == TRAIN.TYPINGS == len(set(texts)), texts
    assert all(text.isascii() and len(text.split()) == 10 for text in texts), texts


def test_the_list_alone_says_the_same():
    listed = TRAIN.Evaluation(BUILD, None)
    assert listed.asked and all(len(key) == 16 and int(key, 16) >= 0 for key in listed.asked)


def test_no_line_of_the_texts_is_evaluated():
    langid, repos = os.environ.get("PLACET_LANGID"), os.environ.get("PLACET_LANGREPOS")
    if not langid or os.environ.get("PLACET_TEST_ALL") != "1":
        return "the texts are looked at with PLACET_LANGID and PLACET_TEST_ALL=1"
    evaluated = {}
    for path in sorted(glob.glob(os.path.join(langid, "dev", "*.tsv"))):
        with open(path, encoding="utf-8") as f:
            lines = [line.rstrip("\n").split("\t", 1)[1] for line in f]
        evaluated.update(zip(keys(*lines), lines))
    evaluated.pop("", None)
    listed, learnt = TRAIN.Evaluation(BUILD, None), 0
    sources = {"cv", "cv-hant", "wikiapp"} | ({"android", "nav"} if repos else set())
    for labels in TRAIN.LEARNT.values():
        for label in labels:
            texts = list(listed.without(TRAIN.listed_text(os.path.join(langid, "train"), TRAIN.Repositories(repos), label, sources), label))
            same = [(text, evaluated[key]) for text, key in zip(texts, keys(*texts)) if key in evaluated]
            assert not same, (label, same[:3])
            learnt += len(texts)
    assert len(evaluated) > 1000 and learnt > 100000, (len(evaluated), learnt)
    return None


def main():
    if not os.access(os.path.join(BUILD, "tools/train_language"), os.X_OK):
        print(f"1..0 # SKIP no trainer in {BUILD}: ninja -C {BUILD} train_language")
        return 0
    return tap.run(globals())


if __name__ == "__main__":
    sys.exit(main())
