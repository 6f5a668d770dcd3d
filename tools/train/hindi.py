"""How is Hindi typed in Latin letters? Nobody is taught it: a word has many spellings, and a text mixes them, so one is drawn for each word.

What is drawn how often is judged by eye; there is no text that counts it and whose licence lets a model be made of it.
"""
import unicodedata

CONSONANTS = dict(zip("कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहळ",
                      "k kh g gh n ch chh j jh n t th d dh n t th d dh n p ph b bh m y r l v sh sh s h l".split()))
DOTTED = {"क": "q", "ख": "kh", "ग": "g", "ज": "z", "फ": "f", "ड": "ḍ", "ढ": "ḍh"}
SIGNS = {"ा": "aa", "ि": "i", "ी": "ee", "ु": "u", "ू": "oo", "ृ": "ri", "े": "e", "ै": "ai", "ो": "o", "ौ": "au", "ॉ": "o", "ॅ": "e"}
VOWELS = {"अ": "a", "आ": "aa", "इ": "i", "ई": "ee", "उ": "u", "ऊ": "oo", "ऋ": "ri", "ए": "e", "ऐ": "ai", "ओ": "o", "औ": "au", "ऑ": "o"}
NASAL = "ṃ"
# Where the first is silent before the second, both are one sound: how that is written, the usual way first.
DOUBLED = {("ch", "chh"): "cch cch ch chh chch", ("ch", "ch"): "cch cch ch chch"}
# The commonest words are written by habit, not by ear; the usual way more than once.
USUAL = {
    "है": "hai hai hai hai hai h he hei", "हैं": "hain hain hai hai h hein", "हूँ": "hoon hun hu hoon", "हूं": "hoon hun hu",
    "हो": "ho ho ho", "था": "tha tha tha", "थी": "thi thi thi thee", "थे": "the the thay",
    "में": "mein me me main mai m", "मैं": "main main mai me mein", "मैंने": "maine maine mene meine", "मे": "me mein",
    "नहीं": "nahi nahi nahi nahin nhi nhi nai", "न": "na", "ना": "na naa", "मत": "mat mat mt",
    "क्या": "kya kya kya kia", "क्यों": "kyon kyu kyun kyo", "क्योंकि": "kyonki kyunki kyuki", "कि": "ki ki ke", "की": "ki ki kee",
    "के": "ke ke k", "को": "ko ko", "का": "ka ka", "से": "se se", "पर": "par pe pr par", "पे": "pe", "और": "aur aur or aur",
    "यह": "ye yeh yah ye", "ये": "ye yeh", "वह": "woh wo vo voh wah", "वो": "wo woh vo", "वे": "ve wo we",
    "बहुत": "bahut bahut bohot bhot bahot bhut bohut bht", "अच्छा": "accha acha achha accha achcha", "अच्छी": "acchi achi achhi acchi achchi",
    "अच्छे": "acche ache achhe acche achche", "कुछ": "kuch kuch kuchh", "कर": "kar kar kr", "करना": "karna karna krna", "करने": "karne krne",
    "रहा": "raha raha rha", "रही": "rahi rahi rhi", "रहे": "rahe rahe rhe", "गया": "gaya gaya gya", "गयी": "gayi gai", "गई": "gayi gai gyi",
    "गए": "gaye gae gye", "लिए": "liye liye lie", "लिया": "liya liya lia", "दिया": "diya diya dia", "किया": "kiya kiya kia",
    "मुझे": "mujhe mujhe muje mjhe", "मेरा": "mera mera", "मेरी": "meri meri", "यहाँ": "yahan yaha yhan", "वहाँ": "wahan waha vahan",
    "कैसे": "kaise kese", "जैसे": "jaise jese", "ऐसे": "aise ese", "जैसा": "jaisa jesa", "ऐसा": "aisa esa", "वैसा": "waisa vaisa", "हाँ": "haan han ha",
    "भी": "bhi bhi bi", "तो": "to toh to", "लेकिन": "lekin lekin", "मगर": "magar", "सब": "sab sb", "बस": "bas bs", "एक": "ek ek", "यार": "yaar yaar yar",
    "ठीक": "theek thik thik", "ज्यादा": "zyada jyada zyada jada", "ज़्यादा": "zyada jyada", "पैसे": "paise paise pese", "पैसा": "paisa paisa pesa",
    "वाला": "wala wala vala", "वाली": "wali wali vali", "वाले": "wale wale vale", "पहले": "pehle pahle phle", "बढ़िया": "badhiya badiya badhia",
    "धन्यवाद": "dhanyavad dhanyawad dhanyavaad", "शुक्रिया": "shukriya shukria", "जल्दी": "jaldi jldi", "भाई": "bhai bhai bhaai", "आप": "aap aap ap",
    "हम": "hum hum ham", "तुम": "tum tum", "मिला": "mila mila", "चाहिए": "chahiye chahie chaiye", "अभी": "abhi abhi", "कभी": "kabhi kabhi",
}
# What is written of goods, and newspapers hardly say.
SPOKEN = """बहुत अच्छा अच्छी अच्छे है हैं था थी थे नहीं यार भाई मस्त बढ़िया बेकार बकवास घटिया ख़राब खराब सही ठीक एकदम बिल्कुल बिलकुल कमाल ज़बरदस्त शानदार
सुंदर प्यारा प्यारी मजबूत कमजोर हल्का हल्की भारी पतला पतली मोटा मोटी छोटा छोटी छोटे बड़ा बड़ी बड़े लंबा लंबी ढीला ढीली टाइट नया नई पुराना पुरानी गंदा गंदी
साफ असली नकली सस्ता सस्ती सस्ते महंगा महंगी महंगे पैसा पैसे रुपये दाम कीमत वसूल बर्बाद बरबाद फालतू धोखा टूटा टूटी टूटे फटा फटी खुला खुली गायब
मिला मिली मिले आया आई आए आयी गया गई गए लिया ली लिए दिया दी दिए भेजा भेजी मंगाया मंगवाया मंगवाई खरीदा खरीदी खरीदो खरीदना खरीदें लेना लेलो लो लीजिए
पसंद नापसंद खुश दुखी मजा मज़ा हुआ हुई हुए होता होती होते रहा रही रहे चल चलता चलती चला चली चलेगा करता करती करते किया करना करो सकते सकता
लगता लगती लगा लगी देखा देखने दिखाया दिखता दिखती जैसा वैसा ऐसा इतना इतनी उतना कितना काफी थोड़ा थोड़ी ज्यादा ज़्यादा कम सिर्फ पूरा पूरी सारा सारे
मुझे मेरा मेरी मेरे मैंने हमने आपको उसको इसको इसका इसकी इसमें उसमें इससे कोई कुछ सब क्या क्यों कैसे कब कहाँ जल्दी देर समय दिन महीने साल बार
कपड़ा कपड़े रंग साइज आवाज़ आवाज चार्जर बैटरी फोन घर बच्चे बच्चों बेटी बेटा बीवी पत्नी पति मम्मी पापा दोस्त लोग काम चीज चीज़ सामान डिब्बा दुकान
मत नहीं ना तो भी ही लेकिन मगर पर और या अगर तब जब अभी फिर बाद पहले साथ बिना वाला वाली वाले धन्यवाद शुक्रिया हाँ जी आप तुम हम यह ये वह वो""".split()


def syllables(word):
    """[consonant, vowel] of a Hindi word; the vowel None where it is the unwritten one."""
    found, letters = [], unicodedata.normalize("NFD", word.replace("ज्ञ", "ग्य"))
    for c, after in zip(letters, letters[1:] + " "):
        if c in CONSONANTS:
            found.append([DOTTED.get(c, CONSONANTS[c]) if after == "़" else CONSONANTS[c], None])
        elif c in SIGNS or c == "्":
            if found:
                found[-1][1] = SIGNS.get(c, "")
        elif c in VOWELS:
            found.append(["", VOWELS[c]])
        elif c in "ंँः":
            found.append(["h" if c == "ः" else NASAL, ""])
        elif c != "़":
            return []
    return found


def without_silent(parts):
    """The unwritten vowel is not said at the end, nor between two syllables that have theirs; after two consonants it is."""
    last = len(parts) - 1
    if last > 0 and parts[last][1] is None:
        kept = parts[last - 1][1] == "" and parts[last - 1][0] != NASAL and parts[last][0] in ("y", "r", "v")
        parts[last][1] = "a" if kept else ""
    for k in range(last - 1, 0, -1):
        if parts[k][1] is None and parts[k - 1][1] != "" and parts[k + 1][1] != "" and parts[k + 1][0]:
            parts[k][1] = ""
    return parts


class Typist:
    """Draws spellings; the same seed gives the same ones."""

    def __init__(self, chance):
        self.chance = chance

    def often(self, share):
        return self.chance.random() < share

    def consonant(self, c, after, at_end):
        """A consonant, before `after` (the next one, '' if none)."""
        if c == NASAL:
            if at_end:
                return "n" if self.often(0.5) else ""
            return "m" if after[:1] in ("p", "b", "m", "f") and self.often(0.6) else "n"
        if c == "v":
            return "w" if self.often(0.45) else "v"
        if c in ("ph", "f"):
            return "f" if self.often(0.5 if c == "ph" else 0.9) else "ph"
        if c in ("ḍ", "ḍh"):
            return ("r" if self.often(0.2) else "d") + c[1:]
        rarer = {"z": ("j", 0.35), "q": ("k", 0.8), "chh": ("ch", 0.55), "sh": ("s", 0.07)}.get(c)
        return rarer[0] if rarer and self.often(rarer[1]) else c

    def vowel(self, v, at_end, only):
        if v == "aa":
            return "aa" if self.often(0.03 if at_end else 0.6 if only else 0.22) else "a"
        if v == "ee":
            return "ee" if self.often(0.1 if at_end else 0.5 if only else 0.3) else "i"
        if v == "oo":
            return "oo" if self.often(0.3) else "u"
        rarer = {"ai": ("e", 0.08), "au": ("o", 0.15)}.get(v)
        return rarer[0] if rarer and self.often(rarer[1]) else v

    def joined(self, parts):
        """Consonants and vowels with what stands beside them; schwas as "a"."""
        out, skip = "", False
        only = sum(1 for _, v in parts if v != "") == 1
        for k, (c, v) in enumerate(parts):
            after = parts[k + 1] if k + 1 < len(parts) else ["", None]
            at_end = k + 1 == len(parts) or all(n == NASAL for n, _ in parts[k + 1:])
            if skip:
                skip = False
            elif v == "" and c and (c, after[0]) in DOUBLED:
                out += self.chance.choice(DOUBLED[c, after[0]].split())
                skip = True
            elif v == "" and c and after[0].startswith(c) and c != NASAL:
                out += c if self.often(0.8) else ""
            else:
                out += self.consonant(c, after[0], at_end)
            if v is None:
                breathed = after[0] == "h" and after[1] in ("", None) and c
                out += "e" if breathed and self.often(0.6) else "a"
            elif v:
                if not c and v != "i" and out.endswith(("i", "aa", "a")) and v[0] in "eoa" and self.often(0.6):
                    out += "y"
                out += self.vowel(v, at_end, only)
        return out

    def word(self, word):
        """A spelling of a Hindi word; '' where it is none."""
        usual = USUAL.get(word)
        if usual and self.often(0.9):
            return self.chance.choice(usual.split())
        parts = without_silent(syllables(word))
        if 2 <= len(parts) <= 4 and parts[0][1] is None and parts[0][0] and len(parts[0][0]) < 3 and parts[1][1] and self.often(0.06):
            parts[0][1] = ""  # in haste: kr, pda, bhut
        return self.joined(parts)
