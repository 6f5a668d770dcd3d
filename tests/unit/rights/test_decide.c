/* Does decide() say what the rights model says? Every rule and exception as a row that reads as a sentence. */
#include "unit/rights/dsl.h"

/* A photo by c1 in s1, approved, nobody on it, no connection to the seller. */
#define READY "1 item i1 photo by=c1 in=s1; 1 approve i1; 1 people i1; 1 disclose i1 none; "
#define REVIEW "1 item i1 review by=c1 in=s1; 1 approve i1; 1 disclose i1 none; "
#define WIDE "1 give g1 licence item:i1 ch=pdp,ad,email,social to=WW until=900; "
#define TWO_PEOPLE "1 item i1 photo by=c1 in=s1; 1 approve i1; 1 people i1 p1:adult p2:adult; 1 disclose i1 none; "
#define A_CHILD "1 item i1 photo by=c1 in=s1; 1 approve i1; 1 people i1 p1:minor; 1 disclose i1 none; "
#define RELEASE1 "1 give r1 likeness(p1) item:i1 ch=ad,email to=WW until=900; "

struct row {
        const char *sentence, *events, *question, *expected, *policy;
};

/* The twenty vectors of the specification, in its order. */
static const struct row vectors[] = {
        {"1 without a grant nothing is shown", READY, "pdp FR @10", "deny LICENCE:NO_GRANT", NULL},
        {"2 a grant for the product page is none for an ad", READY "1 give g1 licence item:i1 ch=pdp to=FR until=90",
         "ad FR @10", "deny LICENCE:CHANNEL", NULL},
        {"3 ad in the US and product page in Germany are never stitched to an ad in Germany",
         READY "1 give g1 licence item:i1 ch=ad to=US until=90; 1 give g2 licence item:i1 ch=pdp to=DE until=90",
         "ad DE @10", "deny LICENCE:CHANNEL", NULL},
        {"3 nor to a product page in the US",
         READY "1 give g1 licence item:i1 ch=ad to=US until=90; 1 give g2 licence item:i1 ch=pdp to=DE until=90",
         "pdp US @10", "deny LICENCE:TERRITORY", NULL},
        {"3 each alone holds",
         READY "1 give g1 licence item:i1 ch=ad to=US until=90; 1 give g2 licence item:i1 ch=pdp to=DE until=90",
         "pdp DE @10", "allow until=90", NULL},
        {"4 at not_after it is over", READY "1 give g1 licence item:i1 ch=pdp until=30", "pdp FR @30",
         "deny LICENCE:EXPIRED", NULL},
        {"4 a millisecond before it is not", READY "1 give g1 licence item:i1 ch=pdp until=30",
         "pdp FR @29.99999998842593", "allow until=30", NULL},
        {"5 a withdrawal told later: allowed by what was known at the pull", READY WIDE "5 withdraw g1",
         "pdp FR @10 head=5", "allow until=900", NULL},
        {"5 but not once the withdrawal itself is known", READY WIDE "5 withdraw g1; 6 noise x", "pdp FR @10 head=6",
         "deny LICENCE:WITHDRAWN", NULL},
        {"5 but not by what is known now", READY WIDE "5 withdraw g1", "pdp FR @10", "deny LICENCE:WITHDRAWN", NULL},
        {"6 two people, one release", TWO_PEOPLE WIDE RELEASE1, "ad DE @10", "deny LIKENESS(p2):NO_GRANT", NULL},
        {"7 a child with a release but without a guardian's proof", A_CHILD WIDE RELEASE1, "email DE @10", "deny MINOR",
         NULL},
        {"7 with it", A_CHILD WIDE RELEASE1 "1 guardian r1", "email DE @10", "allow until=900", NULL},
        {"7 but never in an ad", A_CHILD WIDE RELEASE1 "1 guardian r1", "ad DE @10", "deny MINOR", NULL},
        {"8 paid for, where nothing can be said about it", READY WIDE "2 disclose i1 incentive", "social DE @10",
         "deny DISCLOSURE_IMPOSSIBLE", NULL},
        {"8 paid for, where it can", READY WIDE "2 disclose i1 incentive", "pdp DE @10",
         "allow DISCLOSE(incentive) until=900", NULL},
        {"9 a review in France without the date of the experience", REVIEW WIDE, "pdp FR @10",
         "deny MISSING(experience_date)", NULL},
        {"9 nor with another fact", "1 item i1 review by=c1 attr=order; 1 approve i1; 1 disclose i1 none; " WIDE,
         "pdp FR @10", "deny MISSING(experience_date)", NULL},
        {"9 with it",
         "1 item i1 review by=c1 attr=order,experience_date,place; 1 approve i1; 1 disclose i1 none; " WIDE,
         "pdp FR @10", "allow until=900", NULL},
        {"9 elsewhere it is not asked for", REVIEW WIDE, "pdp DE @10", "allow until=900", NULL},
        {"10 held", READY WIDE "2 hold h1 item:i1", "pdp DE @10", "deny HELD", NULL},
        {"10 lifted, it is allowed again", READY WIDE "2 hold h1 item:i1; 5 lift h1", "pdp DE @10", "allow until=900",
         NULL},
        {"11 withdrawn, then attested under a new id: still no",
         READY WIDE "5 withdraw g1; 6 give g2 licence item:i1 ch=pdp until=900 attested", "pdp DE @10",
         "deny LICENCE:WITHDRAWN", NULL},
        {"12 narrowed to Germany, then renewed for the world: still Germany",
         READY WIDE "5 narrow g1 to=DE; 6 renew g1 licence item:i1 ch=pdp to=WW until=900", "pdp FR @10",
         "deny LICENCE:TERRITORY", NULL},
        {"13 erased though its grants are active", READY WIDE "5 erase i1", "pdp DE @10", "deny ERASED", NULL},
        {"14 the world but China: not in China", READY "1 give g1 licence item:i1 ch=pdp to=WW not=CN until=90",
         "pdp CN @10", "deny LICENCE:TERRITORY", NULL},
        {"14 but in Taiwan", READY "1 give g1 licence item:i1 ch=pdp to=WW not=CN until=90", "pdp TW @10",
         "allow until=90", NULL},
        {"15 zh-Hant covers zh-TW in its full form", READY "1 give g1 licence item:i1 ch=pdp lang=zh-Hant until=90",
         "pdp TW @10 lang=zh-Hant-TW", "allow until=90", NULL},
        {"15 zh-TW does too", READY "1 give g1 licence item:i1 ch=pdp lang=zh-TW until=90",
         "pdp TW @10 lang=zh-Hant-TW", "allow until=90", NULL},
        {"15 zh-Hans does not", READY "1 give g1 licence item:i1 ch=pdp lang=zh-Hans until=90",
         "pdp TW @10 lang=zh-Hant-TW", "deny LICENCE:LANGUAGE", NULL},
        {"16 a grant without an end, after 730 days", READY "1 give g1 licence item:i1 ch=pdp", "pdp DE @731",
         "deny LICENCE:EXPIRED", NULL},
        {"16 it is known from the first day", READY "1 give g1 licence item:i1 ch=pdp", "pdp DE @10", "allow until=731",
         NULL},
        {"17 a hold id used twice: the second placing stands",
         READY WIDE "2 hold h1 item:i1; 3 lift h1; 4 hold h1 item:i1", "pdp DE @10", "deny HELD", NULL},
        {"17 a later lifting ends both", READY WIDE "2 hold h1 item:i1; 3 lift h1; 4 hold h1 item:i1; 5 lift h1",
         "pdp DE @10", "allow until=900", NULL},
        {"18 a disclosure dated ahead ends the answer", READY WIDE "20 disclose i1 incentive", "pdp DE @10",
         "allow until=20", NULL},
        {"18 and then is a duty", READY WIDE "20 disclose i1 incentive", "pdp DE @20",
         "allow DISCLOSE(incentive) until=900", NULL},
        {"19 a name that is not licensed",
         "1 item i1 photo by=c1 in=s1 identity; 1 approve i1; 1 people i1; 1 disclose i1 none; " WIDE, "pdp DE @10",
         "deny DATA:NO_GRANT", NULL},
        {"19 without the name it is allowed",
         "1 item i1 photo by=c1 in=s1 identity; 1 approve i1; 1 people i1; 1 disclose i1 none; " WIDE,
         "pdp DE @10 noidentity", "allow until=900", NULL},
        {"20 a depicted person withdraws everywhere",
         TWO_PEOPLE WIDE RELEASE1 "1 give r2 likeness(p2) contributor:c1 ch=ad to=WW until=900; 7 revoke person:p2",
         "ad DE @10", "deny LIKENESS(p2):WITHDRAWN", NULL},
        {"20 the others' rights stand where likeness is not asked for",
         TWO_PEOPLE WIDE RELEASE1 "1 give r2 likeness(p2) contributor:c1 ch=ad to=WW until=900; 7 revoke person:p2",
         "pdp DE @10", "allow until=900", NULL},
};

static const struct row items[] = {
        {"an item nobody took in is unknown, and nothing else is said", WIDE, "pdp DE @10", "deny UNKNOWN_ITEM", NULL},
        {"an item taken in tomorrow is unknown today", "11 item i1 photo; 1 approve i1", "pdp DE @10",
         "deny UNKNOWN_ITEM", NULL},
        {"an item is known from its own instant and line on", "10 item i1 photo", "pdp DE @10 head=1",
         "deny NOT_APPROVED PEOPLE_UNKNOWN LICENCE:NO_GRANT MISSING(connection)", NULL},
        {"an erasure at the head itself is known", READY WIDE "5 erase i1", "pdp DE @10 head=6", "deny ERASED", NULL},
        {"nothing is known at head 0", READY WIDE, "pdp DE @10 head=0", "deny UNKNOWN_ITEM", NULL},
        {"a head beyond the end is the end", READY WIDE, "pdp DE @10 head=999", "allow until=900", NULL},
        {"an erasure binds although it is dated ahead", READY WIDE "500 erase i1", "pdp DE @10", "deny ERASED", NULL},
        {"an erased contributor takes all items along", READY WIDE "500 shred c1", "pdp DE @10", "deny ERASED", NULL},
        {"of two erasures the one known first binds", READY WIDE "5 shred c1; 5 erase i1", "pdp DE @10 head=6",
         "deny ERASED", NULL},
        {"nor that of one whose id a submission has too",
         "1 item i1 photo by=c1 in=c9; 1 approve i1; 1 people i1; 1 disclose i1 none; 5 shred c9; " WIDE, "pdp DE @10",
         "allow until=900", NULL},
        {"another contributor's erasure does not", READY WIDE "5 shred c2", "pdp DE @10", "allow until=900", NULL},
        {"an erasure beyond the head was not known", READY WIDE "5 erase i1", "pdp DE @10 head=5", "allow until=900",
         NULL},
        {"all reasons are told, in the order of the rules",
         "1 item i1 photo identity ai; 1 hold h1 item:i1; 1 shred nobody", "ad DE @10",
         "deny HELD NOT_APPROVED PEOPLE_UNKNOWN LICENCE:NO_GRANT DATA:NO_GRANT MISSING(connection) AI", NULL},
        {"an item without contributor and submission is covered by itself only",
         "1 item i1 photo; 1 approve i1; 1 people i1; 1 disclose i1 none; 1 give g1 licence submission:s1 ch=pdp",
         "pdp DE @10", "deny LICENCE:NO_GRANT", NULL},
        {"a grant of the submission covers its items", READY "1 give g1 licence submission:s1 ch=pdp until=90",
         "pdp DE @10", "allow until=90", NULL},
        {"a grant of the contributor covers their items", READY "1 give g1 licence contributor:c1 ch=pdp until=90",
         "pdp DE @10", "allow until=90", NULL},
        {"an id that names a submission does not name a contributor", READY "1 give g1 licence contributor:s1 ch=pdp",
         "pdp DE @10", "deny LICENCE:NO_GRANT", NULL},
};

static const struct row holds[] = {
        {"a hold on the submission holds", READY WIDE "2 hold h1 submission:s1", "pdp DE @10", "deny HELD", NULL},
        {"a hold on the contributor holds", READY WIDE "2 hold h1 contributor:c1", "pdp DE @10", "deny HELD", NULL},
        {"a hold on another does not", READY WIDE "2 hold h1 contributor:c2", "pdp DE @10", "allow until=900", NULL},
        {"a hold of one channel leaves the others", READY WIDE "2 hold h1 item:i1 ch=email", "pdp DE @10",
         "allow until=900", NULL},
        {"a hold of one territory leaves the others", READY WIDE "2 hold h1 item:i1 to=FR", "pdp DE @10",
         "allow until=900", NULL},
        {"a hold of WW holds everywhere", READY WIDE "2 hold h1 item:i1 to=WW", "pdp DE @10", "deny HELD", NULL},
        {"empty lists of a hold mean all", READY WIDE "2 hold h1 item:i1 ch= to=", "pdp DE @10", "deny HELD", NULL},
        {"a lifting of the same instant does not lift", READY WIDE "2 hold h1 item:i1; 2 lift h1", "pdp DE @10",
         "deny HELD", NULL},
        {"a lifting of another id does not lift", READY WIDE "2 hold h1 item:i1; 3 lift h2", "pdp DE @10", "deny HELD",
         NULL},
        {"a lifting dated ahead lifts then", READY WIDE "2 hold h1 item:i1; 20 lift h1", "pdp DE @19", "deny HELD",
         NULL},
        {"a hold dated ahead ends the answer", READY WIDE "20 hold h1 item:i1", "pdp DE @10", "allow until=20", NULL},
};

static const struct row moderation[] = {
        {"never moderated is not approved", "1 item i1 photo; 1 people i1; 1 disclose i1 none; " WIDE, "pdp DE @10",
         "deny NOT_APPROVED", NULL},
        {"pending is not approved", READY WIDE "2 pend i1", "pdp DE @10", "deny NOT_APPROVED", NULL},
        {"rejected, then approved", READY WIDE "2 reject i1; 3 approve i1", "pdp DE @10", "allow until=900", NULL},
        {"the later instant counts, not the later line", READY WIDE "3 approve i1; 2 reject i1", "pdp DE @10",
         "allow until=900", NULL},
        {"approved and rejected at one instant is rejected, whatever the order", READY WIDE "2 reject i1; 2 approve i1",
         "pdp DE @10", "deny NOT_APPROVED", NULL},
        {"an approval under an older policy is none", READY WIDE "2 approve i1 v=0", "pdp DE @10", "deny NOT_APPROVED",
         NULL},
        {"of two approvals at one instant the older version denies", READY WIDE "2 approve i1 v=0; 2 approve i1 v=7",
         "pdp DE @10", "deny NOT_APPROVED", NULL},
};

static const struct row people[] = {
        {"a photo whose people nobody declared", "1 item i1 photo; 1 approve i1; 1 disclose i1 none; " WIDE,
         "pdp DE @10", "deny PEOPLE_UNKNOWN", NULL},
        {"where policy does not ask, it may be so", "1 item i1 photo; 1 approve i1; 1 disclose i1 none; " WIDE,
         "social DE @10", "allow until=900", "\"can_disclose\":[]"},
        {"a review is not asked", REVIEW WIDE, "pdp DE @10", "allow until=900", NULL},
        {"one unknown person is enough", READY WIDE "2 people i1 p1:adult p2:unknown", "pdp DE @10",
         "deny PEOPLE_UNKNOWN", NULL},
        {"a later declaration replaces the whole value", READY WIDE "2 people i1 p1:unknown; 3 people i1 p1:adult",
         "pdp DE @10", "allow until=900", NULL},
        {"two declarations of one instant are united", READY WIDE RELEASE1 "2 people i1 p1:adult; 2 people i1 p2:adult",
         "ad DE @10", "deny LIKENESS(p2):NO_GRANT", NULL},
        {"of two kinds of one person the more careful is taken",
         READY WIDE "2 people i1 p1:adult; 2 people i1 p1:minor", "ad DE @10", "deny LIKENESS(p1):NO_GRANT MINOR",
         NULL},
        {"people are told by id", READY WIDE "2 people i1 p2:adult p10:adult", "ad DE @10",
         "deny LIKENESS(p10):NO_GRANT LIKENESS(p2):NO_GRANT", NULL},
        {"likeness of people named in a review too", REVIEW WIDE "2 people i1 p1:adult", "ad DE @10",
         "deny LIKENESS(p1):NO_GRANT", NULL},
        {"a release of one person is none for another", READY WIDE RELEASE1 "2 people i1 p2:adult", "ad DE @10",
         "deny LIKENESS(p2):NO_GRANT", NULL},
        {"oneself needs none where policy does not say so", READY WIDE "2 people i1 p1:self", "ad DE @10",
         "allow until=900", NULL},
        {"a child may be shown where likeness is not asked for", READY WIDE "2 people i1 p1:minor", "pdp DE @10",
         "allow until=900", NULL},
        {"a child in an ad where policy allows it, with guardian", A_CHILD WIDE RELEASE1 "2 guardian r1", "ad DE @10",
         "allow until=900", "\"minors_in_ads\":true"},
        {"the guardian's proof may be recorded before the release", A_CHILD WIDE "1 guardian r1; " RELEASE1,
         "email DE @10", "allow until=900", NULL},
        {"a child without any release lacks the proof too", A_CHILD WIDE, "email DE @10",
         "deny LIKENESS(p1):NO_GRANT MINOR", NULL},
        {"a proof for another grant does not count", A_CHILD WIDE RELEASE1 "1 guardian g1", "email DE @10",
         "deny MINOR", NULL},
        {"a proof dated ahead counts then", A_CHILD WIDE RELEASE1 "20 guardian r1", "email DE @10", "deny MINOR", NULL},
};

static const struct row grants[] = {
        {"not before its time", READY "1 give g1 licence item:i1 ch=pdp from=20 until=90", "pdp DE @10",
         "deny LICENCE:NOT_YET", NULL},
        {"from its first instant", READY "1 give g1 licence item:i1 ch=pdp from=20 until=90", "pdp DE @20",
         "allow until=90", NULL},
        {"given tomorrow, it does not exist today", READY "11 give g1 licence item:i1 ch=pdp", "pdp DE @10",
         "deny LICENCE:NO_GRANT", NULL},
        {"without an end, days count from not_before", READY "1 give g1 licence item:i1 ch=pdp from=5", "pdp DE @10",
         "allow until=735", NULL},
        {"a renewal replaces bounds and scope",
         READY "1 give g1 licence item:i1 ch=pdp until=5; 3 renew g1 licence item:i1 ch=ad until=90", "ad DE @10",
         "allow until=90", NULL},
        {"so what the first gave is gone",
         READY "1 give g1 licence item:i1 ch=pdp until=50; 3 renew g1 licence item:i1 ch=ad until=90", "pdp DE @10",
         "deny LICENCE:CHANNEL", NULL},
        {"given and renewed at one instant: the later line",
         READY "1 give g1 licence item:i1 ch=pdp; 1 give g1 licence item:i1 ch=ad until=90", "ad DE @10",
         "allow until=90", NULL},
        {"a renewal alone is a grant", READY "1 renew g1 licence item:i1 ch=pdp until=90", "pdp DE @10",
         "allow until=90", NULL},
        {"a withdrawal is final, even if dated before a renewal",
         READY WIDE "5 withdraw g1; 6 renew g1 licence item:i1 ch=pdp until=900", "pdp DE @10",
         "deny LICENCE:WITHDRAWN", NULL},
        {"terminated", READY WIDE "5 terminate g1", "pdp DE @10", "deny LICENCE:WITHDRAWN", NULL},
        {"invalidated", READY WIDE "5 invalidate g1", "pdp DE @10", "deny LICENCE:WITHDRAWN", NULL},
        {"a withdrawal dated ahead ends the answer", READY WIDE "50 withdraw g1", "pdp DE @10", "allow until=50", NULL},
        {"new evidence under a new id opens again",
         READY WIDE "5 withdraw g1; 6 give g2 licence item:i1 ch=pdp until=90", "pdp DE @10", "allow until=90", NULL},
        {"a blanket withdrawal hits what was captured before it", READY WIDE "5 revoke contributor:c1", "pdp DE @10",
         "deny LICENCE:WITHDRAWN", NULL},
        {"and at the same instant", READY WIDE "1 revoke item:i1", "pdp DE @10", "deny LICENCE:WITHDRAWN", NULL},
        {"but not what was captured after it",
         READY WIDE "5 revoke submission:s1; 6 give g2 licence item:i1 ch=pdp until=90 captured=5.5", "pdp DE @10",
         "allow until=90", NULL},
        {"evidence made before it opens nothing although given after it",
         READY "5 revoke submission:s1; 6 give g2 licence item:i1 ch=pdp until=90 captured=4", "pdp DE @10",
         "deny LICENCE:WITHDRAWN", NULL},
        {"a person's withdrawal leaves the licence", READY WIDE "5 revoke person:p1", "pdp DE @10", "allow until=900",
         NULL},
        {"the withdrawal of an item whose id a person has too leaves that person's release",
         READY WIDE RELEASE1 "2 people i1 p1:adult; 7 revoke item:p1", "ad DE @10", "allow until=900", NULL},
        {"a contributor's takes other people's releases along",
         TWO_PEOPLE "1 give r1 likeness(p1) item:i1 ch=ad; 1 give r2 likeness(p2) item:i1 ch=ad; "
                    "5 revoke contributor:c1; 6 give g2 licence item:i1 ch=ad until=90",
         "ad DE @10", "deny LIKENESS(p1):WITHDRAWN LIKENESS(p2):WITHDRAWN", NULL},
        {"an empty list allows nothing", READY "1 give g1 licence item:i1 ch=pdp to= until=90", "pdp DE @10",
         "deny LICENCE:TERRITORY", NULL},
        {"WW excluded excludes all", READY "1 give g1 licence item:i1 ch=pdp not=WW until=90", "pdp DE @10",
         "deny LICENCE:TERRITORY", NULL},
        {"no language asked: a grant with languages does not cover it, not even *",
         READY "1 give g1 licence item:i1 ch=pdp lang=* until=90", "pdp DE @10", "deny LICENCE:LANGUAGE", NULL},
        {"* covers any language", READY "1 give g1 licence item:i1 ch=pdp lang=* until=90",
         "pdp DE @10 lang=de-Latn-DE", "allow until=90", NULL},
        {"und counts as no language", READY "1 give g1 licence item:i1 ch=pdp lang=* until=90",
         "pdp DE @10 lang=und-Latn", "deny LICENCE:LANGUAGE", NULL},
        {"a product outside the list", READY "1 give g1 licence item:i1 ch=pdp for=TENT,LAMP until=90",
         "pdp DE @10 for=BOAT", "deny LICENCE:PRODUCT", NULL},
        {"a product inside it", READY "1 give g1 licence item:i1 ch=pdp for=TENT,LAMP until=90", "pdp DE @10 for=LAMP",
         "allow until=90", NULL},
        {"no product asked: not covered by a list", READY "1 give g1 licence item:i1 ch=pdp for=TENT until=90",
         "pdp DE @10", "deny LICENCE:PRODUCT", NULL},
        {"a product asked that the ledger never named", READY "1 give g1 licence item:i1 ch=pdp until=90",
         "pdp DE @10 for=BOAT", "allow until=90", NULL},
        {"a controller outside the list", READY "1 give g1 licence item:i1 ch=pdp ctl=SHOP until=90",
         "pdp DE @10 ctl=OTHER", "deny LICENCE:CONTROLLER", NULL},
        {"a controller inside it", READY "1 give g1 licence item:i1 ch=pdp ctl=SHOP until=90", "pdp DE @10 ctl=SHOP",
         "allow until=90", NULL},
        {"no controller asked: not covered by a list", READY "1 give g1 licence item:i1 ch=pdp ctl=SHOP until=90",
         "pdp DE @10", "deny LICENCE:CONTROLLER", NULL},
        {"crop, colour and excerpt are in without being said", READY "1 give g1 licence item:i1 ch=pdp until=90",
         "pdp DE @10 edits=crop,colour,excerpt", "allow until=90", NULL},
        {"translate is not", READY "1 give g1 licence item:i1 ch=pdp until=90", "pdp DE @10 edits=translate",
         "deny LICENCE:EDIT", NULL},
        {"an empty list of edits allows none", READY "1 give g1 licence item:i1 ch=pdp edits= until=90",
         "pdp DE @10 edits=crop", "deny LICENCE:EDIT", NULL},
        {"nobody is a sublicensee without being said", READY "1 give g1 licence item:i1 ch=pdp until=90",
         "pdp DE @10 sub=retailer", "deny LICENCE:SUBLICENCE", NULL},
        {"nor an advertising platform", READY "1 give g1 licence item:i1 ch=pdp sub=retailer,affiliate until=90",
         "pdp DE @10 sub=ad_platform", "deny LICENCE:SUBLICENCE", NULL},
        {"a product asked that no list has", READY "1 give g1 licence item:i1 ch=pdp for=TENT until=90",
         "pdp DE @10 for=BOAT", "deny LICENCE:PRODUCT", NULL},
        {"a sublicensee named", READY "1 give g1 licence item:i1 ch=pdp sub=retailer until=90",
         "pdp DE @10 sub=retailer", "allow until=90", NULL},
        {"each narrowing is checked by itself", READY WIDE "5 narrow g1 to=DE,FR; 6 narrow g1 to=FR,IT", "pdp DE @10",
         "deny LICENCE:TERRITORY", NULL},
        {"what two narrowings share is left", READY WIDE "5 narrow g1 to=DE,FR; 6 narrow g1 to=FR,IT", "pdp FR @10",
         "allow until=900", NULL},
        {"a narrowing may exclude", READY WIDE "5 narrow g1 not=DE", "pdp DE @10", "deny LICENCE:TERRITORY", NULL},
        {"a narrowing of edits", READY WIDE "5 narrow g1 edits=crop", "pdp DE @10 edits=excerpt", "deny LICENCE:EDIT",
         NULL},
        {"a narrowing leaves what it does not name", READY WIDE "5 narrow g1 ch=pdp", "pdp DE @10 edits=excerpt",
         "allow until=900", NULL},
        {"a narrowing dated ahead ends the answer", READY WIDE "50 narrow g1 ch=ad", "pdp DE @10", "allow until=50",
         NULL},
        {"a narrowing before the grant counts too", "1 narrow g1 to=FR; " READY WIDE, "pdp DE @10",
         "deny LICENCE:TERRITORY", NULL},
        {"the reasons are those of the grant that fails least",
         READY "1 give g1 licence item:i1 ch=ad to=US until=5; 1 give g2 licence item:i1 ch=pdp to=US until=90",
         "pdp DE @10", "deny LICENCE:TERRITORY", NULL},
        {"of equals the one given later speaks",
         READY "2 give g1 licence item:i1 ch=pdp to=US; 1 give g2 licence item:i1 ch=ad to=DE", "pdp DE @10",
         "deny LICENCE:TERRITORY", NULL},
        {"then the greater id", READY "1 give g1 licence item:i1 ch=pdp to=US; 1 give g2 licence item:i1 ch=ad to=DE",
         "pdp DE @10", "deny LICENCE:CHANNEL", NULL},
        {"all failures of that grant are told in order",
         READY
         "1 give g1 licence item:i1 ch=ad to=US lang=fr for=A ctl=B edits= from=40 until=5 attested; 2 withdraw g1",
         "pdp DE @10 edits=crop sub=affiliate lang=de for=C ctl=D",
         "deny LICENCE:WITHDRAWN LICENCE:NOT_YET LICENCE:EXPIRED LICENCE:CHANNEL LICENCE:TERRITORY LICENCE:LANGUAGE "
         "LICENCE:PRODUCT LICENCE:CONTROLLER LICENCE:EDIT LICENCE:SUBLICENCE LICENCE:ATTESTED",
         NULL},
        {"an attestation within the cap holds", READY "1 give g1 licence item:i1 ch=pdp,ad until=90 attested",
         "pdp DE @10", "allow until=90", NULL},
        {"outside it does not", READY "1 give g1 licence item:i1 ch=pdp,ad until=90 attested", "ad DE @10",
         "deny LICENCE:ATTESTED", NULL},
        {"an attestation after a blanket withdrawal opens nothing, however late its evidence",
         READY "5 revoke contributor:c1; 6 give g2 licence item:i1 ch=pdp until=90 attested", "pdp DE @10",
         "deny LICENCE:WITHDRAWN", NULL},
        {"a withdrawal on another layer does not bar it",
         READY "1 give d1 data item:i1 ch=pdp; 5 withdraw d1; 6 give g2 licence item:i1 ch=pdp until=90 attested",
         "pdp DE @10", "allow until=90", NULL},
        {"nor does a termination", READY WIDE "5 terminate g1; 6 give g2 licence item:i1 ch=pdp until=90 attested",
         "pdp DE @10", "allow until=90", NULL},
};

static const struct row duties[] = {
        {"credit required", READY "1 give g1 licence item:i1 ch=pdp until=90 credit=required", "pdp DE @10",
         "allow CREDIT until=90", NULL},
        {"forbidden beats required",
         READY "1 give g1 licence item:i1 ch=pdp until=90 credit=required; 1 give g2 licence item:i1 ch=pdp until=90 "
               "credit=forbidden",
         "pdp DE @10", "allow NO_CREDIT until=90", NULL},
        {"in whatever order",
         READY "1 give g1 licence item:i1 ch=pdp until=90 credit=forbidden; "
               "1 give g2 licence item:i1 ch=pdp until=90 credit=required",
         "pdp DE @10", "allow NO_CREDIT until=90", NULL},
        {"the credit of a grant that does not cover it does not count",
         READY "1 give g1 licence item:i1 ch=pdp until=90; 1 give g2 licence item:i1 ch=ad until=90 credit=required",
         "pdp DE @10", "allow until=90", NULL},
        {"a duty that ends ends the answer",
         READY "1 give g1 licence item:i1 ch=pdp until=90; 1 give g2 licence item:i1 ch=pdp until=20 credit=required",
         "pdp DE @10", "allow CREDIT until=20", NULL},
        {"a connection never told is missing", "1 item i1 photo; 1 approve i1; 1 people i1; " WIDE, "pdp DE @10",
         "deny MISSING(connection)", NULL},
        {"an unknown one too", READY WIDE "2 disclose i1 unknown", "pdp DE @10", "deny MISSING(connection)", NULL},
        {"unknown beats any of the same instant", READY WIDE "2 disclose i1 unknown; 2 disclose i1 family",
         "pdp DE @10", "deny MISSING(connection)", NULL},
        {"any beats none", READY WIDE "2 disclose i1 family; 2 disclose i1 none", "pdp DE @10",
         "allow DISCLOSE(family) until=900", NULL},
        {"of two others the later line", READY WIDE "2 disclose i1 family; 2 disclose i1 contest", "pdp DE @10",
         "allow DISCLOSE(contest) until=900", NULL},
        {"a reason stands once although two rules give it", "1 item i1 photo; 1 approve i1; 1 people i1; " WIDE,
         "pdp DE @10", "deny MISSING(connection)",
         "\"required\":[{\"channels\":[\"pdp\"],\"territories\":[\"WW\"],\"kind\":\"photo\",\"attribute\":"
         "\"connection\"}]"},
        {"made by a machine, where policy does not take it",
         "1 item i1 photo ai; 1 approve i1; 1 people i1; 1 disclose i1 none; " WIDE, "pdp DE @10", "deny AI", NULL},
        {"where it does, the mark stays", "1 item i1 photo ai; 1 approve i1; 1 people i1; 1 disclose i1 none; " WIDE,
         "pdp DE @10", "allow KEEP_SOURCE_TYPE until=900", "\"ai_ok\":[\"pdp\"]"},
        {"a flag that a market bars", READY WIDE "2 flags i1 pork alcohol", "pdp SA @10",
         "deny MARKET(alcohol) MARKET(pork)",
         "\"suitability\":[{\"territories\":[\"SA\"],\"flag\":\"alcohol\",\"verdict\":\"deny\"},"
         "{\"territories\":[\"SA\"],\"flag\":\"alcohol\",\"verdict\":\"warn\"},"
         "{\"territories\":[\"WW\"],\"flag\":\"pork\",\"verdict\":\"deny\"}]"},
        {"a flag to look at", READY WIDE "2 flags i1 pork alcohol; 2 flags i1 skin", "pdp DE @10",
         "allow REVIEW(pork) REVIEW(skin) until=900",
         "\"suitability\":[{\"territories\":[\"SA\"],\"flag\":\"alcohol\",\"verdict\":\"deny\"},"
         "{\"territories\":[\"WW\"],\"flag\":\"skin\",\"verdict\":\"warn\"},"
         "{\"territories\":[\"WW\"],\"flag\":\"pork\",\"verdict\":\"warn\"}]"},
        {"flags do not accumulate", READY WIDE "2 flags i1 pork; 3 flags i1", "pdp DE @10", "allow until=900",
         "\"suitability\":[{\"territories\":[\"WW\"],\"flag\":\"pork\",\"verdict\":\"deny\"}]"},
        {"duties are sorted by bytes",
         "1 item i1 photo ai; 1 approve i1; 1 people i1; 1 disclose i1 family; 1 flags i1 a; "
         "1 give g1 licence item:i1 ch=pdp until=90 credit=forbidden",
         "pdp DE @10", "allow DISCLOSE(family) KEEP_SOURCE_TYPE NO_CREDIT REVIEW(a) until=90",
         "\"ai_ok\":[\"pdp\"],\"suitability\":[{\"territories\":[\"WW\"],\"flag\":\"a\",\"verdict\":\"warn\"}]"},
};

static const struct row validity[] = {
        {"a receipt of one day", READY WIDE, "pdp DE @10", "allow until=11", "\"max_ttl\":{\"pdp\":86400}"},
        {"of none", READY WIDE, "pdp DE @10", "allow until=10", "\"max_ttl\":{\"pdp\":0}"},
        {"never beyond the right itself", READY WIDE "10.5 hold h1 item:i1", "pdp DE @10", "allow until=10.5",
         "\"max_ttl\":{\"pdp\":86400}"},
        {"an end in its last millisecond is one",
         "1 item i1 photo; 1 approve i1; 1 people i1; 1 disclose i1 none; "
         "0.99999998842593 give g1 licence item:i1 ch=pdp captured=0",
         "pdp DE @10", "allow until=2912443", "\"max_grant_days\":2912442"},
        {"a receipt that ends in the last millisecond of the year 9999 does end",
         READY "1 give g1 licence item:i1 ch=pdp", "pdp DE @9.99999998842593", "allow until=2912443",
         "\"max_grant_days\":9223372036854775807,\"max_ttl\":{\"pdp\":251634211200}"},
        {"an end after the year 9999 is none", READY "1 give g1 licence item:i1 ch=pdp", "pdp DE @10", "allow",
         "\"max_grant_days\":9223372036854775807"},
        {"so is one whose days alone can be counted", READY "1 give g1 licence item:i1 ch=pdp", "pdp DE @10", "allow",
         "\"max_grant_days\":106751991167"},
        {"so is a receipt that would outlive it", READY "1 give g1 licence item:i1 ch=pdp", "pdp DE @10", "allow",
         "\"max_grant_days\":9223372036854775807,\"max_ttl\":{\"pdp\":300000000000}"},
        {"or one longer than can be counted", READY "1 give g1 licence item:i1 ch=pdp", "pdp DE @10", "allow",
         "\"max_grant_days\":9223372036854775807,\"max_ttl\":{\"pdp\":9223372036854775807}"},
        {"behind the last of eight instants, which fill their list, nothing is looked for",
         "1 item i1 photo; 2 approve i1; 3 people i1; 4 disclose i1 none; 5 give g1 licence item:i1 ch=pdp; "
         "6 flags i1 a; 7 flags i1 a; 8 flags i1 a",
         "pdp DE @10", "allow", "\"max_grant_days\":9223372036854775807"},
        {"another flag to look at ends the answer", READY WIDE "2 flags i1 pork; 20 flags i1 skin", "pdp DE @10",
         "allow REVIEW(pork) until=20",
         "\"suitability\":[{\"territories\":[\"WW\"],\"flag\":\"skin\",\"verdict\":\"warn\"},"
         "{\"territories\":[\"WW\"],\"flag\":\"pork\",\"verdict\":\"warn\"}]"},
        {"a second grant that takes over does not cut the answer",
         READY "1 give g1 licence item:i1 ch=pdp until=20; 1 give g2 licence item:i1 ch=pdp from=15 until=40",
         "pdp DE @10", "allow until=40", NULL},
        {"what lies beyond the head is not foreseen", READY WIDE "20 withdraw g1", "pdp DE @10 head=5",
         "allow until=900", NULL},
        {"events about others end nothing", READY WIDE "20 reject i2; 21 noise x; 22 withdraw g9", "pdp DE @10",
         "allow until=900", NULL},
};

static void check(gconstpointer data)
{
        const struct row *row = data;
        g_autoptr(plc_ledger) ledger = dsl_ledger(row->events);
        g_autoptr(plc_policy) policy = dsl_policy(row->policy);
        g_autofree char *found = dsl_decide(ledger, policy, row->question);

        g_assert_cmpstr(found, ==, row->expected);
}

static void add_rows(const char *table, const struct row *rows, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                g_autofree char *path = g_strdup_printf("/decide/%s/%s", table, rows[i].sentence);

                g_test_add_data_func(path, &rows[i], check);
        }
}

static void denies_what_cannot_be_asked(void)
{
        g_autoptr(plc_ledger) ledger = dsl_ledger(READY WIDE);
        g_autoptr(plc_policy) policy = dsl_policy(NULL);
        struct plc_question question = {
                .item = "i1", .territory = "WW", .sublicensee = -1, .at = DSL_DAY0, .head = PLC_HEAD_END};
        struct plc_verdict verdict = {0};

        plc_decide(ledger, policy, &question, &verdict);
        g_assert_false(verdict.allow);
        g_assert_cmpstr(verdict.reasons->pdata[0], ==, "BAD_QUESTION");
        plc_verdict_clear(&verdict);
}

static void tells_times_of_known_items_only(void)
{
        g_autoptr(plc_ledger) ledger =
                dsl_ledger(READY "1 give g1 licence item:i1 ch=pdp from=5 until=30; 9 disclose i1 family; "
                                 "12 disclose i1 family; 20 narrow g1 to=AA,DE,ZZ");
        g_autoptr(plc_policy) policy = dsl_policy(NULL);
        g_autoptr(GArray) segments = plc_segments_new(), instants = g_array_new(FALSE, FALSE, sizeof(int64_t));
        const struct plc_segment *first, *second;
        struct plc_territories named;
        struct plc_asked asked;
        char other[3];

        dsl_ask("pdp DE @0", &asked);
        g_assert_true(plc_segments(ledger, policy, &asked.question, DSL_DAY0, segments));
        g_assert_cmpuint(segments->len, ==, 2);
        first = &g_array_index(segments, struct plc_segment, 0);
        second = &g_array_index(segments, struct plc_segment, 1);
        g_assert_cmpint(first->from, ==, dsl_ms("5"));
        g_assert_cmpint(first->until, ==, dsl_ms("9"));
        g_assert_null(first->duties[0]);
        g_assert_cmpint(second->until, ==, dsl_ms("30"));
        g_assert_cmpstr(second->duties[0], ==, "DISCLOSE(family)");
        g_assert_false(plc_segments(ledger, policy, &asked.question, dsl_ms("30"), segments));
        asked.question.item = "i2";
        g_assert_false(plc_segments(ledger, policy, &asked.question, DSL_DAY0, segments));
        g_assert_cmpuint(segments->len, ==, 2);
        plc_decide_instants(ledger, policy, "i2", instants);
        g_assert_cmpuint(instants->len, ==, 0);
        plc_decide_instants(ledger, policy, "i1", instants);
        g_assert_cmpuint(instants->len, ==, 6); /* 1, 5, 9, 12, 20, 30: where nothing changes, no segment is cut */
        plc_decide_territories(ledger, policy, "i1", &named, other);
        g_assert_cmpstr(other, ==, "AB");
        plc_decide_territories(ledger, policy, "i2", &named, other);
        g_assert_cmpstr(other, ==, "AA");
        plc_asked_clear(&asked);
}

static void names_the_last_territory_if_all_are_named(void)
{
        g_autoptr(GString) all_but_last = g_string_new(READY WIDE "2 narrow g1 to=");
        g_autoptr(plc_policy) policy = dsl_policy(NULL);
        g_autoptr(plc_ledger) ledger = NULL;
        struct plc_territories named;
        char code[3], other[3];

        for (plc_territory t = 0; t < PLC_TERRITORIES - 1; t++) {
                plc_territory_format(t, code);
                g_string_append_printf(all_but_last, "%s,", code);
        }
        ledger = dsl_ledger(all_but_last->str);
        plc_decide_territories(ledger, policy, "i1", &named, other);
        g_assert_cmpstr(other, ==, "ZZ");
        g_assert_false(plc_territories_has(&named, PLC_TERRITORIES - 1));
        dsl_add(ledger, "3 narrow g1 to=ZZ");
        plc_decide_territories(ledger, policy, "i1", &named, other);
        g_assert_cmpstr(other, ==, "ZZ");
        g_assert_true(plc_territories_has(&named, PLC_TERRITORIES - 1));
        g_assert_false(plc_territories_has(&named, PLC_TERRITORY_WORLD));
}

static void writes_answers_in_one_form(void)
{
        g_autoptr(plc_ledger) ledger = dsl_ledger(READY "1 give g1 licence item:i1 ch=pdp until=30 credit=required");
        g_autoptr(plc_policy) policy = dsl_policy(NULL);
        g_autoptr(GString) first = g_string_new(NULL), second = g_string_new(NULL);
        struct plc_verdict verdict = {0};
        struct plc_asked asked;

        dsl_ask("pdp DE @10", &asked);
        plc_decide(ledger, policy, &asked.question, &verdict);
        plc_verdict_write(&verdict, first);
        asked.question.channel = PLC_CHANNEL_AD;
        plc_decide(ledger, policy, &asked.question, &verdict);
        plc_verdict_write(&verdict, second);
        g_assert_cmpstr(first->str, ==,
                        "{\"verdict\":\"allow\",\"reasons\":[],\"duties\":[\"CREDIT\"],\"valid_until\":\"2026-01-31T00:"
                        "00:00.000Z\"}");
        g_assert_cmpstr(second->str, ==,
                        "{\"verdict\":\"deny\",\"reasons\":[\"LICENCE:CHANNEL\"],\"duties\":[],\"valid_until\":null}");
        plc_verdict_clear(&verdict);
        plc_asked_clear(&asked);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        add_rows("vectors", vectors, G_N_ELEMENTS(vectors));
        add_rows("items", items, G_N_ELEMENTS(items));
        add_rows("holds", holds, G_N_ELEMENTS(holds));
        add_rows("moderation", moderation, G_N_ELEMENTS(moderation));
        add_rows("people", people, G_N_ELEMENTS(people));
        add_rows("grants", grants, G_N_ELEMENTS(grants));
        add_rows("duties", duties, G_N_ELEMENTS(duties));
        add_rows("validity", validity, G_N_ELEMENTS(validity));
        g_test_add_func("/decide/a question about the world is denied, not guessed", denies_what_cannot_be_asked);
        g_test_add_func("/segments/times are told of known items only", tells_times_of_known_items_only);
        g_test_add_func("/segments/where all territories are named, the last stands for the others",
                        names_the_last_territory_if_all_are_named);
        g_test_add_func("/decide/answers have one form", writes_answers_in_one_form);
        return g_test_run();
}
