/* Does a review come out as it was written, whatever charset its bytes were in? Sentences of our own, in languages that
 * fit each charset, by ICU there and by us back. */
#include "base/file.h"
#include "text/charset.h"
#include "text/normalise.h"
#include <glib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* A short review, and what a longer one says besides. */
static const struct {
        const char *language, *one, *more;
} texts[] = {
        {"en", "Lovely little lamp – it’s bright enough for two, and the kids adore it.",
         "Delivery took 3 days; I paid £24."},
        {"de", "Schöne Lampe für die Küche, größer als gedacht und sehr hell.",
         "Die Lieferung dauerte drei Tage, das Päckchen war ein wenig beschädigt, aber alles heil."},
        {"fr", "Très belle lampe, reçue à temps, la lumière est douce et agréable.",
         "Où que je la pose, elle éclaire bien ; ma fille ne s'en sépare plus, même l'été à la plage."},
        {"es", "Muy buena lámpara, llegó rápido y la batería dura más de lo que decía.",
         "¡Qué sorpresa! Mi niño la usa cada noche y también en el jardín durante el año."},
        {"it", "Bellissima lampada, è più grande di quanto pensassi e la qualità c'è.",
         "La spedizione è arrivata già lunedì, perciò non posso che consigliarla a chi cerca comodità."},
        {"pt", "A lâmpada é ótima, chegou antes do prazo e a iluminação é excelente.",
         "Não tenho do que reclamar: a instalação foi fácil e minha mãe também já comprou três."},
        {"nl", "Prachtige lamp, precies wat we zochten voor de logeerkamer, één van de beste.",
         "De geïnstalleerde batterij gaat heel lang mee en het licht is prettig, ook buiten in de tuin."},
        {"sv", "Jättefin lampa som lyser länge, barnen älskar den på nätterna.",
         "Den är lätt att bära med sig ut på sjön också, och priset är väl värt för så hög kvalitet."},
        {"da", "Rigtig flot lampe, lyset er blødt og hyggeligt på børneværelset.",
         "Vi købte også en til sommerhuset, og den har holdt hele året uden at gå i stykker på rejsen."},
        {"nb", "Kjempefin lampe, lyser godt både inne og ute på hytta hele året.",
         "Leveringen gikk fort, og batteriet varer lenger enn jeg trodde; anbefales på det sterkeste også for små "
         "barn."},
        {"fi", "Todella kaunis lamppu, valo on pehmeä ja lämmin, lapset tykkäävät.",
         "Paketti tuli perille jo seuraavana päivänä, ja akku kestää koko yön mökilläkin."},
        {"is", "Þetta er mjög fallegur lampi, birtan er góð og börnin elska hann.",
         "Hann kom fljótt með póstinum og rafhlaðan endist lengi, jafnvel úti í garði á veturna."},
        {"pl", "Świetna lampka, długo świeci i ładnie wygląda na półce w sypialni.",
         "Przesyłka doszła w trzy dni, żarówka jest ciepła, a córka nie chce już zasnąć bez niej."},
        {"cs", "Krásná lampička, svítí příjemně a děti ji mají moc rády.",
         "Přišla druhý den, balení bylo v pořádku a baterie vydrží déle, než jsem čekal při tomhle použití."},
        {"sk", "Krásna lampa, svieti príjemne a dieťa pri nej rýchlo zaspí.",
         "Prišla na druhý deň, balenie bolo v poriadku a batéria vydrží dlhšie, než píšu v návode."},
        {"hu", "Gyönyörű lámpa, kellemes a fénye, és a gyerekek is nagyon szeretik.",
         "Két nap alatt megérkezett, a csomagolás ép volt, az akkumulátor pedig hosszú ideig bírja, még kint is az "
         "erdőben."},
        {"ro", "O lampă foarte frumoasă, lumina este caldă și plăcută.",
         "A ajuns în două zile, ambalajul era în bună stare, iar copiii o iubesc și adorm mai ușor lângă ea."},
        {"sl", "Čudovita svetilka, sveti toplo in otroci jo imajo zelo radi.",
         "Prišla je že naslednji dan, embalaža je bila cela, baterija pa zdrži dlje, kot piše v navodilih za uporabo "
         "žarnice."},
        {"hr", "Prekrasna svjetiljka, svijetli ugodno i djeca je jako vole.",
         "Stigla je već sljedeći dan, pakiranje je bilo čitavo, a baterija traje duže nego što piše u uputama za "
         "žarulju."},
        {"ru", "Отличная лампа, светит мягко, ребёнок теперь засыпает без слёз.",
         "Доставили за три дня, коробка целая, батареи хватает на всю ночь, берём вторую на дачу."},
        {"uk", "Чудова лампа, світить м'яко, дитина тепер засинає без сліз.",
         "Доставили за три дні, коробка ціла, батареї вистачає на всю ніч, беремо ще одну на дачу для її бабусі."},
        {"bg", "Чудесна лампа, свети меко и децата много я харесват.",
         "Доставиха я за два дни, кутията беше здрава, а батерията издържа цяла нощ, дори и навън в градината."},
        {"be", "Цудоўная лямпа, свеціць мякка, дзіця цяпер засынае без слёз.",
         "Прывезлі за тры дні, скрынка цэлая, батарэі хапае на ўсю ноч, бяром яшчэ адну на лецішча."},
        {"mk", "Прекрасна ламба, свети меко и децата многу ја сакаат.",
         "Стигна за два дена, кутијата беше цела, а батеријата трае цела ноќ, дури и надвор во градината."},
        {"el", "Πολύ όμορφο φωτιστικό, το φως είναι απαλό και τα παιδιά το λατρεύουν.",
         "Ήρθε σε δύο μέρες, η συσκευασία ήταν άθικτη και η μπαταρία κρατάει όλη τη νύχτα, ακόμα και έξω στον κήπο."},
        {"tr", "Çok güzel bir lamba, ışığı yumuşak ve çocuklar bayıldı.",
         "İki günde geldi, paketi sağlamdı, pili bütün gece dayanıyor; bahçede de gönül rahatlığıyla kullanıyoruz."},
        {"he", "מנורה יפה מאוד, האור נעים והילדים אוהבים אותה.",
         "הגיעה תוך יומיים, האריזה הייתה שלמה והסוללה מחזיקה כל הלילה, גם בחוץ בגינה."},
        {"ar", "مصباح جميل جدا، الضوء ناعم والأطفال يحبونه كثيرا.",
         "وصل خلال يومين، وكان التغليف سليما، والبطارية تدوم طوال الليل حتى في الحديقة."},
        {"lt", "Labai gražus šviestuvas, šviesa švelni ir vaikams jis labai patinka.",
         "Atkeliavo per dvi dienas, pakuotė buvo sveika, o baterija laiko visą naktį, net ir lauke, sode už namų."},
        {"lv", "Ļoti skaista lampa, gaisma ir maiga un bērniem tā ļoti patīk.",
         "Atnāca divu dienu laikā, iepakojums bija vesels, un baterija tur visu nakti, arī ārā dārzā pie mājas."},
        {"et", "Väga ilus lamp, valgus on pehme ja lastele see väga meeldib.",
         "Saabus kahe päevaga, pakend oli terve ja aku kestab terve öö, isegi väljas õues."},
        {"vi", "Đèn rất đẹp, ánh sáng dịu và các con tôi rất thích.",
         "Giao hàng trong hai ngày, đóng gói cẩn thận, pin dùng được cả đêm, kể cả ngoài vườn."},
        {"th", "โคมไฟสวยมาก แสงนุ่มนวล ลูกชอบมากเลยค่ะ", "ส่งของภายในสองวัน กล่องไม่บุบ แบตเตอรี่ใช้ได้ทั้งคืน เอาไปใช้ในสวนก็ได้"},
        {"ja", "とても綺麗なランプです。光が柔らかくて、子供が毎晩使っています。",
         "二日で届きました。梱包も丁寧で、電池は一晩中持ちます。キャンプにも持って行きました。"},
        {"ko", "정말 예쁜 조명이에요. 빛이 부드럽고 아이들이 아주 좋아합니다.",
         "이틀 만에 도착했고 포장도 꼼꼼했어요. 배터리는 밤새 가고 마당에서도 잘 쓰고 있습니다."},
        {"zh-Hans", "灯很漂亮，光线柔和，孩子每天晚上都要开着睡觉。",
         "两天就到了，包装完好，电池可以用一整夜，放在院子里也没有问题，推荐购买。"},
        {"zh-Hant", "燈很漂亮，光線柔和，孩子每天晚上都要開著睡覺。",
         "兩天就到了，包裝完好，電池可以用一整夜，放在院子裡也沒有問題，推薦購買。"},
};

static const struct plan {
        const char *charset, *languages;
} plans[] = {
        {"windows-1252", "en de fr es it pt nl sv da nb fi is"},
        {"ISO-8859-1", "de es it pt sv da nb fi is"},
        {"ISO-8859-15", "de fr es it pt sv da nb fi"},
        {"windows-1250", "pl cs sk hu sl hr"},
        {"ISO-8859-2", "pl cs sk hu sl hr"},
        {"windows-1251", "ru uk bg be mk"},
        {"KOI8-R", "ru"},
        {"KOI8-U", "uk ru"},
        {"IBM866", "ru bg"},
        {"ISO-8859-5", "ru bg be mk"},
        {"windows-1253", "el"},
        {"ISO-8859-7", "el"},
        {"windows-1254", "tr"},
        {"ISO-8859-9", "tr"},
        {"windows-1255", "he"},
        {"ISO-8859-8", "he"},
        {"windows-1256", "ar"},
        {"ISO-8859-6", "ar"},
        {"windows-1257", "lt lv et"},
        {"ISO-8859-13", "lt lv et"},
        {"ISO-8859-4", "lt lv et"},
        {"windows-1258", "vi"},
        {"windows-874", "th"},
        {"windows-31j", "ja"},
        {"EUC-JP", "ja"},
        {"windows-949", "ko"},
        {"GB18030", "zh-Hans zh-Hant ru ja"},
        {"Big5", "zh-Hant"},
        {"UTF-16LE", "en de ru el ar he th ja ko zh-Hans zh-Hant vi"},
        {"UTF-16BE", "en de ru el ar he th ja ko zh-Hans zh-Hant vi"},
        {"UTF-32LE", "en de ru el ar he th ja ko zh-Hans zh-Hant vi"},
        {"UTF-32BE", "en de ru el ar he th ja ko zh-Hans zh-Hant vi"},
};

static plc_detector *detector;

static bool is_tone(UChar mark)
{
        return mark == 0x300 || mark == 0x301 || mark == 0x303 || mark == 0x309 || mark == 0x323;
}

/* Tones apart; circumflex, breve and horn with their letters. */
static int32_t tones_apart(const UChar *text, int32_t size, UChar *to)
{
        UErrorCode status = U_ZERO_ERROR;
        const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
        int32_t count = 0;
        for (int32_t i = 0; i < size; i++) {
                UChar one[4], two[4];
                int32_t n = unorm2_getRawDecomposition(nfc, text[i], one, 4, &status);
                int32_t m = n == 2 ? unorm2_getRawDecomposition(nfc, one[0], two, 4, &status) : 0;
                if (n == 2 && is_tone(one[1])) {
                        to[count++] = one[0];
                        to[count++] = one[1];
                } else if (m == 2 && is_tone(two[1])) {
                        to[count++] = (UChar)unorm2_composePair(nfc, two[0], one[1]);
                        to[count++] = two[1];
                } else {
                        to[count++] = text[i];
                }
        }
        return count;
}

/* NULL where the charset has no such character. Vietnamese is taken apart for windows-1258 as its keyboards do. */
static GByteArray *encoded(const char *charset, const char *text)
{
        UErrorCode status = U_ZERO_ERROR;
        size_t room = strlen(text) + 1;
        g_autofree UChar *wide = g_new(UChar, 2 * room), *to = g_new(UChar, 2 * room);
        g_autofree char *bytes = g_malloc(8 * room);
        int32_t size = 0;
        UConverter *converter = ucnv_open(charset, &status);
        u_strFromUTF8(wide, (int32_t)room, &size, text, -1, &status);
        g_assert_true(U_SUCCESS(status));
        if (strcmp(charset, "windows-1258") == 0) {
                size = tones_apart(wide, size, to);
                memcpy(wide, to, (size_t)size * sizeof wide[0]);
        }
        ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
        int32_t count = ucnv_fromUChars(converter, bytes, (int32_t)(8 * room), wide, size, &status);
        ucnv_close(converter);
        if (U_FAILURE(status))
                return NULL;
        GByteArray *array = g_byte_array_new();
        return g_byte_array_append(array, (const guint8 *)bytes, (guint)count);
}

static bool comes_back(const char *charset, const char *text, bool *out_encoded)
{
        g_autoptr(GByteArray) bytes = encoded(charset, text);
        struct plc_decoded decoded;
        g_autoptr(GError) error = NULL;
        g_autofree char *normal = NULL;
        *out_encoded = bytes != NULL;
        if (!bytes)
                return false;
        if (!plc_text_decode((const char *)bytes->data, bytes->len, PLC_MIB, NULL, detector, &decoded, &error))
                return false;
        g_assert_true(plc_text_normalise(decoded.text, decoded.size, PLC_MIB, &normal, NULL));
        bool same = strcmp(normal, text) == 0;
        if (!same)
                g_test_message("%s was taken for %s: %s", charset, decoded.name, text);
        plc_decoded_clear(&decoded);
        return same;
}

static bool among(const char *list, const char *word)
{
        g_auto(GStrv) words = g_strsplit(list, " ", -1);
        return g_strv_contains((const char *const *)words, word);
}

static void test_round_trips(void)
{
        unsigned all_short = 0, right_short = 0;
        for (size_t i = 0; i < G_N_ELEMENTS(plans); i++) {
                unsigned tried = 0, one_right = 0, both_right = 0;
                for (size_t k = 0; k < G_N_ELEMENTS(texts); k++) {
                        g_autofree char *both = g_strconcat(texts[k].one, "\n", texts[k].more, NULL);
                        bool fits;
                        if (!among(plans[i].languages, texts[k].language))
                                continue;
                        both_right += comes_back(plans[i].charset, both, &fits);
                        g_assert_true(fits);
                        one_right += comes_back(plans[i].charset, texts[k].one, &fits);
                        tried++;
                }
                g_test_message("%-12s %2u texts: one sentence %u right, more than one %u", plans[i].charset, tried,
                               one_right, both_right);
                g_assert_cmpuint(tried, >, 0);
                g_assert_cmpuint(both_right, ==, tried);
                all_short += tried;
                right_short += one_right;
        }
        g_test_message("one sentence: %u of %u", right_short, all_short);
        g_assert_cmpuint(right_short * 100, >=, all_short * 97);
}

static void test_every_charset_offered_is_tried(void)
{
        for (const char *const *name = plc_charsets(); *name; name++) {
                bool tried = false;
                for (size_t i = 0; i < G_N_ELEMENTS(plans); i++)
                        tried = tried || strcmp(plans[i].charset, *name) == 0;
                g_assert_true(tried);
        }
}

#define BYTES(literal) (literal), sizeof(literal) - 1

static const struct row {
        const char *sentence, *bytes;
        size_t size;
        const char *declared, *text, *name; /* NULL: refused */
        plc_charset_by by;
} rows[] = {
        {"UTF-8 is UTF-8", BYTES("Sch\xc3\xb6n"), NULL, "Schön", "UTF-8", PLC_CHARSET_UTF8},
        {"whatever is declared", BYTES("Sch\xc3\xb6n"), "ISO-8859-1", "Schön", "UTF-8", PLC_CHARSET_UTF8},
        {"ASCII is UTF-8", BYTES("Nice"), "UTF-16", "Nice", "UTF-8", PLC_CHARSET_UTF8},
        {"nothing is UTF-8", BYTES(""), NULL, "", "UTF-8", PLC_CHARSET_UTF8},
        {"a mark is dropped", BYTES("\xef\xbb\xbfNice"), NULL, "Nice", "UTF-8", PLC_CHARSET_MARK},
        {"a mark is believed", BYTES("\xff\xfeN\0\xf6\0"), "ISO-8859-1", "Nö", "UTF-16LE", PLC_CHARSET_MARK},
        {"of the other order, too", BYTES("\xfe\xff\0N\0\xf6"), NULL, "Nö", "UTF-16BE", PLC_CHARSET_MARK},
        {"of four bytes, too", BYTES("\xff\xfe\0\0N\0\0\0"), NULL, "N", "UTF-32LE", PLC_CHARSET_MARK},
        {"a mark and something else is refused", BYTES("\xef\xbb\xbfNi\xff"), NULL, NULL, NULL, 0},
        {"a lone surrogate is refused", BYTES("\xff\xfeN\0\0\xd8N\0"), NULL, NULL, NULL, 0},
        {"half a character at the end is refused", BYTES("\xff\xfeN\0N"), NULL, NULL, NULL, 0},
        {"a zero character is refused", BYTES("\xff\xfeN\0\0\0"), NULL, NULL, NULL, 0},
        {"what is declared is believed", BYTES("\xe4\xf6"), "windows-1251", "дц", "windows-1251", PLC_CHARSET_DECLARED},
        {"Latin 1 means what browsers mean", BYTES("It\x92s"), "ISO-8859-1", "It’s", "windows-1252",
         PLC_CHARSET_DECLARED},
        {"by another name, too", BYTES("It\x92s \xb5"), "latin1", "It’s µ", "windows-1252", PLC_CHARSET_DECLARED},
        {"Japanese by the name that old programs write", BYTES("\x93\xfa\x96{\x87@"), "x-sjis", "日本①", "windows-31j",
         PLC_CHARSET_DECLARED},
        {"unless it cannot be",
         BYTES("Gr\xfc\xdf"
               "e aus K\xf6ln, sch\xf6ne Lampe"),
         "Shift_JIS", "Grüße aus Köln, schöne Lampe", "windows-1252", PLC_CHARSET_GUESS},
        {"an unknown name is no name",
         BYTES("Gr\xfc\xdf"
               "e aus K\xf6ln, sch\xf6ne Lampe"),
         "klingon", "Grüße aus Köln, schöne Lampe", "windows-1252", PLC_CHARSET_GUESS},
        {"UTF-8 with one bad byte is refused",
         BYTES("Gr\xc3\xbc\xc3\x9f"
               "e aus K\xc3\xb6ln, sch\xc3\xb6n, \xfc"
               "ber \xc3\xa4u\xc3\x9f"
               "erst"),
         NULL, NULL, NULL, 0},
        {"Japanese in seven bits", BYTES("\x1b$B$H$F$bNI$$\x1b(B!"), NULL, "とても良い!", "ISO-2022-JP",
         PLC_CHARSET_GUESS},
        {"as it is declared", BYTES("\x1b$B$H$F$bNI$$\x1b(B!"), "ISO-2022-JP", "とても良い!", "ISO-2022-JP",
         PLC_CHARSET_DECLARED},
        {"an escape of a terminal is no Japanese", BYTES("Nice \x1b[1mlamp"), NULL, "Nice \x1b[1mlamp", "UTF-8",
         PLC_CHARSET_UTF8},
        {"UTF-7 only where it is declared", BYTES("Sch+APY-n"), NULL, "Sch+APY-n", "UTF-8", PLC_CHARSET_UTF8},
        {"UTF-7 that is declared", BYTES("Sch+APY-n"), "UTF-7", "Schön", "UTF-7", PLC_CHARSET_DECLARED},
        {"a zero byte is no sign of UTF-16", BYTES("a\0b das ist ein Text"), NULL, NULL, NULL, 0},
        {"not in UTF-8 either", BYTES("Sch\xc3\xb6ne Lampe\0 f\xc3\xbcr alle"), NULL, NULL, NULL, 0},
        {"Korean laughter",
         BYTES("\xc0\xe7\xb9\xd4\xb4\xc2\xb5\xa5 \xb8\xb6\xc1\xf6\xb8\xb7\xb9\xb9\xc0\xd3\xa4\xbb\xa4\xbb"), NULL,
         "재밋는데 마지막뭐임ㅋㅋ", "windows-949", PLC_CHARSET_GUESS},
        {"emoji as old databases write them", BYTES("Gut \xed\xa0\xbd\xed\xb8\x80 ja"), NULL, "Gut 😀 ja", "CESU-8",
         PLC_CHARSET_GUESS},
        {"half of one is refused", BYTES("Gut \xed\xa0\x80 so"), NULL, NULL, NULL, 0},
        {"noise is refused", BYTES("\x81\x01\xff\x02\x80\xfe\x03"), NULL, NULL, NULL, 0},
};

static void test_row(gconstpointer data)
{
        const struct row *row = data;
        struct plc_decoded decoded;
        g_autoptr(GError) error = NULL;
        if (!row->text) {
                g_assert_false(plc_text_decode(row->bytes, row->size, 100, row->declared, detector, &decoded, &error));
                g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_BAD_TEXT);
                return;
        }
        g_assert_true(plc_text_decode(row->bytes, row->size, 100, row->declared, detector, &decoded, &error));
        g_assert_cmpstr(decoded.text, ==, row->text);
        g_assert_cmpuint(decoded.size, ==, strlen(row->text));
        g_assert_cmpstr(decoded.name, ==, row->name);
        g_assert_cmpint(decoded.by, ==, row->by);
        plc_decoded_clear(&decoded);
}

static const struct repair_row {
        const char *sentence, *in, *out;
        unsigned times;
} repair_rows[] = {
        {"German, once", "SchÃ¶ne GrÃ¼ÃŸe", "Schöne Grüße", 1},
        {"twice", "SchÃƒÂ¶ne GrÃƒÂ¼ÃƒÅ¸e", "Schöne Grüße", 2},
        {"three times", "SchÃƒÆ’Ã‚Â¶n", "Schön", 3},
        {"a quotation mark", "Itâ€™s great", "It’s great", 1},
        {"an emoji", "Great ðŸ˜€", "Great 😀", 1},
        {"degrees", "20 Â°C", "20 °C", 1},
        {"Russian as windows-1252", "ÐžÑ‚Ð»Ð¸Ñ‡Ð½Ð°Ñ\xc2\x8f Ð»Ð°Ð¼Ð¿Ð°", "Отличная лампа", 1},
        {"Russian as windows-1251", "РћС‚Р»РёС‡РЅР°СЏ Р»Р°РјРїР°", "Отличная лампа", 1},
        {"Chinese", "è´¨é‡\xc2\x8få¾ˆå¥½", "质量很好", 1},
        {"plain text stays", "Nice lamp", "Nice lamp", 0},
        {"good German stays", "Schöne Grüße", "Schöne Grüße", 0},
        {"good French stays", "« CAFÉ » À L’ÉTÉ…", "« CAFÉ » À L’ÉTÉ…", 0},
        {"German in capitals stays", "JÄ… GERN", "JÄ… GERN", 0},
        {"Portuguese stays", "NÃO SÃO MAÇÃS", "NÃO SÃO MAÇÃS", 0},
        {"Portuguese in capitals stays", "PARA MINHA IRMÃ… AMOU", "PARA MINHA IRMÃ… AMOU", 0},
        {"in quotation marks, too", "A BLUSA DE LÃ” FICOU", "A BLUSA DE LÃ” FICOU", 0},
        {"before a space that keeps lines together", "IRMÃ\xc2\xa0GOSTOU", "IRMÃ\xc2\xa0GOSTOU", 0},
        {"German in capitals", "GRÃ–SSE PASST", "GRÖSSE PASST", 1},
        {"French in capitals", "DIPLÃ”ME", "DIPLÔME", 1},
        {"a word with one capital", "PÃ©ssimo", "Péssimo", 1},
        {"Polish as windows-1250", "Ĺšwietna ĹĽarĂłwka", "Świetna żarówka", 1},
        {"German as an old Mac's", "Sch√∂ne Gr√º√üe", "Schöne Grüße", 1},
        {"German as a console's", "Sch├Âne Gr├╝├ƒe", "Schöne Grüße", 1},
        {"English as a console's", "ItΓÇÖs a na├»ve caf├⌐", "It’s a naïve café", 1},
        {"mathematics stay", "√∂ and ├╝", "√∂ and ├╝", 0},
        {"Hungarian as windows-1250", "GyĂ¶nyĂ¶rĹ± lĂˇmpa", "Gyönyörű lámpa", 1},
        {"Russian stays", "РІК УСПІХУ", "РІК УСПІХУ", 0},
        {"what is partly good stays: nobody knows how it came about", "SchÃ¶n 😀 grün", "SchÃ¶n 😀 grün", 0},
        {"someone who explains it is left alone", "ö became Ã¶", "ö became Ã¶", 0},
};

static void test_repair_row(gconstpointer data)
{
        const struct repair_row *row = data;
        g_autofree char *out = NULL;
        g_autoptr(GError) error = NULL;
        unsigned times = 77;
        g_assert_true(plc_text_repair(row->in, &out, &times, &error));
        g_assert_cmpstr(out, ==, row->out);
        g_assert_cmpuint(times, ==, row->times);
}

/* All texts, misread and repaired; and none of them is repaired as it stands. */
static void test_every_language_is_repaired_and_none_is_harmed(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                g_autoptr(GString) misread = g_string_new(NULL);
                g_autofree char *same = NULL;
                g_autofree char *back = NULL;
                unsigned times = 0;
                for (const char *c = texts[i].more; *c; c++)
                        g_string_append_unichar(misread, (guchar)*c);
                g_assert_true(plc_text_repair(texts[i].more, &same, &times, NULL));
                g_assert_cmpuint(times, ==, 0);
                g_assert_cmpstr(same, ==, texts[i].more);
                g_assert_true(plc_text_repair(misread->str, &back, &times, NULL));
                g_assert_cmpstr(back, ==, texts[i].more);
        }
}

static char *json_of(const char *title, const char *body)
{
        return g_strdup_printf(
                "{\"schema\": \"placet.submission/1\", \"id\": \"r-4711\", \"source\": \"shop-form\",\n"
                " \"contributor\": {\"id\": \"cust-1\", \"country\": \"DE\", \"age_band\": \"adult\"},\n"
                " \"products\": [{\"id\": \"LAMP-1\", \"primary\": true}],\n"
                " \"review\": {\"kind\": \"review\", \"rating\": {\"value\": 4, \"min\": 1, \"max\": 5},\n"
                "  \"title\": \"%s\", \"body\": \"%s\", \"written_at\": \"2026-10-09T09:40:00Z\"},\n"
                " \"disclosure\": {\"connection\": \"none\", \"verification\": \"order\"}}\n",
                title, body);
}

/* Its names of members are English, and are not what its language is known by. */
static void test_a_submission_comes_back_too(void)
{
        unsigned tried = 0, right = 0;
        for (size_t i = 0; i < G_N_ELEMENTS(plans); i++) {
                for (size_t k = 0; k < G_N_ELEMENTS(texts); k++) {
                        g_autofree char *json = json_of(texts[k].one, texts[k].more);
                        bool fits;
                        if (!among(plans[i].languages, texts[k].language))
                                continue;
                        right += comes_back(plans[i].charset, json, &fits);
                        g_assert_true(fits);
                        tried++;
                }
        }
        g_test_message("submissions: %u of %u", right, tried);
        g_assert_cmpuint(right, ==, tried);
}

/* What is weighed begins where the text stops being ASCII; what comes behind it counts as well. */
static void test_a_long_text_is_weighed_where_it_tells(void)
{
        static const struct {
                size_t before, behind;
        } places[] = {{200 * 1024, 0}, {200 * 1024 + 3, 300 * 1024}, {0, 300 * 1024}};
        static const char *const told[][2] = {{"windows-1251", "ru"}, {"windows-31j", "ja"}, {"windows-1250", "pl"}};
        for (size_t i = 0; i < G_N_ELEMENTS(places) * G_N_ELEMENTS(told); i++) {
                const char *const *plan = told[i % G_N_ELEMENTS(told)];
                g_autoptr(GString) text = g_string_new(NULL);
                bool fits;
                while (text->len < places[i / G_N_ELEMENTS(told)].before)
                        g_string_append(text, "0123456789 abc\n");
                for (size_t k = 0; k < G_N_ELEMENTS(texts); k++) {
                        if (strcmp(texts[k].language, plan[1]) == 0)
                                g_string_append(text, texts[k].more);
                }
                for (size_t n = 0; n < places[i / G_N_ELEMENTS(told)].behind; n += 15)
                        g_string_append(text, "0123456789 abc\n");
                g_assert_true(comes_back(plan[0], text->str, &fits) && fits);
        }
}

/* The sample could be windows-1250, the rest cannot. */
static void test_all_of_a_text_has_to_be_readable(void)
{
        g_autoptr(GString) bytes = g_string_new("Sch\xf6ne Gr\xfc\xdf\x65 aus K\xf6ln\n");
        struct plc_decoded decoded;
        while (bytes->len < 100 * 1024)
                g_string_append(bytes, "0123456789 abc\n");
        g_string_append(bytes, "d\x83j\xe0 vu"); /* 0x83 is none of windows-1250 */
        g_assert_true(plc_text_decode(bytes->str, bytes->len, PLC_MIB, NULL, detector, &decoded, NULL));
        g_assert_cmpstr(decoded.name, ==, "windows-1252");
        g_assert_true(g_str_has_prefix(decoded.text, "Schöne Grüße aus Köln"));
        plc_decoded_clear(&decoded);
}

static void test_names_of_charsets_are_known(void)
{
        g_assert_true(plc_charset_known("windows-1251") && plc_charset_known("cp1251") &&
                      plc_charset_known("Shift_JIS"));
        g_assert_false(plc_charset_known("klingon"));
        g_assert_false(plc_charset_known(""));
}

static void test_more_than_the_limit_is_refused(void)
{
        struct plc_decoded decoded;
        g_autoptr(GError) error = NULL;
        g_assert_false(plc_text_decode("12345", 5, 4, NULL, NULL, &decoded, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_TOO_BIG);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_assert_true(plc_detector_open_default(&detector, NULL));
        g_test_add_func("/charset/every review comes back from every charset", test_round_trips);
        g_test_add_func("/charset/every charset offered is tried", test_every_charset_offered_is_tried);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *name = g_strdup_printf("/charset/%s", rows[i].sentence);
                g_test_add_data_func(name, &rows[i], test_row);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(repair_rows); i++) {
                g_autofree char *name = g_strdup_printf("/repair/%s", repair_rows[i].sentence);
                g_test_add_data_func(name, &repair_rows[i], test_repair_row);
        }
        g_test_add_func("/repair/every language is repaired and none is harmed",
                        test_every_language_is_repaired_and_none_is_harmed);
        g_test_add_func("/charset/more than the limit is refused", test_more_than_the_limit_is_refused);
        g_test_add_func("/charset/a submission.json comes back from every charset", test_a_submission_comes_back_too);
        g_test_add_func("/charset/a long text is weighed where it tells", test_a_long_text_is_weighed_where_it_tells);
        g_test_add_func("/charset/all of a text has to be readable", test_all_of_a_text_has_to_be_readable);
        g_test_add_func("/charset/names of charsets are known", test_names_of_charsets_are_known);
        int failed = g_test_run();
        plc_detector_free(detector);
        return failed;
}
