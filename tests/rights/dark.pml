/*
 * Is a withdrawn item ever shown again? Grant, withdraw, publish, serve and crash, as far as their order matters.
 *
 * Two items are granted, published, served and withdrawn while the office is killed at any point. What is modelled of the program:
 *   - the desk (src/desk/rights.c, act.c): one transaction of the catalog takes the ledger's event and a publish job; after its commit the
 *     item is published at once, the job dropped, and only then the withdrawal acknowledged;
 *   - a publication (src/publish/items.c), the desk's or the queue's, holds the catalog's writing lock from reading the ledger until the
 *     index has committed; these are two databases, so a crash may fall between their commits;
 *   - a job queued while it runs will run again (src/catalog/queue.h); a restarted office runs the jobs that it finds. Who got no
 *     answer asks again, or never does;
 *   - the server is another process: it answers while the office is dead, reads committed rows, takes a row whose end has passed for none.
 * Committed means durable (synchronous=FULL): a crash forgets what no commit has written down, and the lock.
 *
 * -DACK_BEFORE_INDEX, -DINDEX_BEFORE_LEDGER, -DNO_JOB, -DDROP_JOB_FIRST, -DNEVER_AGAIN, -DNO_LOCK and -DEXPIRY_BY_OFFICE break one rule
 * each, and each must be refuted (test_model.py).
 */
#ifndef ITEMS
#define ITEMS 2
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#define LAST (ITEMS - 1) /* where there is one item, it is both */
#define END 1 /* the tick of the clock at which the grants end */

/* The catalog: ledger and queue. */
bool granted[ITEMS], withdrawn[ITEMS];
byte job[ITEMS];
#define NONE 0
#define WAITING 1
#define RUNNING 2
#define AGAIN 3 /* runs, and will run once more: queued meanwhile */
/* The index. */
bool row[ITEMS];

/* Lost in a crash. A process of the office that finds itself of an earlier life begins anew. */
bool lock, alive = true;
byte life;

/* What was asked for and told; darkened: an index without it was committed because of a withdrawal. */
bool requested[ITEMS], acked[ITEMS], darkened[ITEMS], patient[ITEMS], gave_up[ITEMS];
byte now;
#ifdef WITNESS
bool was_served, was_acked_after_crash, was_forgotten;
#endif

#define DIED (life != mine)
#define BEGIN_ANEW alive -> mine = life

inline publish(i)
{
#ifndef NO_LOCK
        atomic { !lock -> lock = true };
#endif
        allowed = granted[i] && !withdrawn[i]; /* what the ledger says now … */
        atomic {                            /* … is committed to the index some time later */
                row[i] = allowed;
                if
                :: !allowed && withdrawn[i] -> darkened[i] = true
                :: else
                fi;
                allowed = false
        };
#ifndef NO_LOCK
        lock = false
#endif
}

inline enqueue(i)
{
        if
        :: job[i] == NONE -> job[i] = WAITING
#ifndef NEVER_AGAIN
        :: job[i] == RUNNING -> job[i] = AGAIN
#endif
        :: else
        fi
}

inline finish_job(i)
{
        atomic { !lock -> job[i] = (job[i] == AGAIN -> WAITING : NONE) }
}

/* The desk did what the job was for; one that somebody runs is not touched. */
inline drop_waiting_job(i)
{
        atomic {
                !lock ->
                if
                :: job[i] == WAITING -> job[i] = NONE
                :: else
                fi
        }
}

inline record_withdrawal(i)
{
        atomic {
                !lock -> withdrawn[i] = true;
#ifndef NO_JOB
                enqueue(i)
#endif
        }
}

inline acknowledge(i)
{
        atomic {
                acked[i] = true;
#ifdef WITNESS
                was_acked_after_crash = was_acked_after_crash || life > 0
#endif
        }
}

inline withdraw(i)
{
#if defined(INDEX_BEFORE_LEDGER)
        atomic { !lock -> lock = true };
        row[i] = false;
        lock = false;
        atomic { !lock -> withdrawn[i] = true };
#elif defined(ACK_BEFORE_INDEX)
        record_withdrawal(i);
        acknowledge(i);
        publish(i);
        drop_waiting_job(i);
#elif defined(DROP_JOB_FIRST)
        record_withdrawal(i);
        drop_waiting_job(i);
        publish(i);
#else
        record_withdrawal(i);
        publish(i);
        drop_waiting_job(i);
#endif
        acknowledge(i)
}

proctype desk()
{
        byte mine;
        bool allowed;

        do
        :: {
                if
                :: requested[0] && !acked[0] && !gave_up[0] -> withdraw(0)
#if ITEMS > 1
                :: requested[1] && !acked[1] && !gave_up[1] -> withdraw(1)
#endif
                fi
           } unless { DIED -> BEGIN_ANEW; allowed = false }
        od
}

/* A job is kept until its publication has committed: killed between the two, it runs again. */
proctype queue()
{
        byte mine;
        bool allowed;

        do
        :: {
                if
                :: atomic { job[0] == WAITING && !lock -> job[0] = RUNNING }; publish(0); finish_job(0)
#if ITEMS > 1
                :: atomic { job[1] == WAITING && !lock -> job[1] = RUNNING }; publish(1); finish_job(1)
#endif
                fi
           } unless { DIED -> BEGIN_ANEW; allowed = false }
        od
}

/* Whoever drops photos: granted once each, recorded with a job. */
proctype contributor(byte i)
{
        atomic {
                alive && !lock -> granted[i] = true;
                enqueue(i);
                if
                :: patient[i] = true
                :: patient[i] = false
                fi
        };
        requested[i] = true;
        if
        :: acked[i]
        :: !patient[i] && life > 0 && !acked[i] -> /* heard nothing since the crash, and does not ask again */
                atomic {
                        gave_up[i] = true;
#ifdef WITNESS
                        was_forgotten = withdrawn[i] && row[i]
#endif
                }
        fi
}

/* An answer begins, and with it its claim: the ledger knew a grant, it runs, and no withdrawal was acknowledged or published. */
#ifdef EXPIRY_BY_OFFICE
#define IN_TIME true
#else
#define IN_TIME (now < END)
#endif
inline serve(i)
{
        atomic {
                row[i] && IN_TIME ->
#ifdef WITNESS
                was_served = true;
#endif
                assert(granted[i] && now < END);
                assert(!acked[i] && !darkened[i])
        }
}

proctype server()
{
        do
        :: !(row[0] && IN_TIME) /* 404. Also: Spin's fair search forgets runs that end, so somebody must always have a step to take */
        :: serve(0)
#if ITEMS > 1
        :: serve(1)
#endif
        od
}

#ifdef EXPIRY_BY_OFFICE
proctype sweeper()
{
        byte mine;

        do
        :: { atomic { now >= END && !lock && row[0] -> row[0] = false } } unless { DIED -> BEGIN_ANEW }
        od
}
#endif

proctype clock()
{
        do
        :: atomic { now < END -> now++ }
        :: now == END -> break
        od
}

/* Whoever held a job before is dead. */
inline release_job(i)
{
        if
        :: job[i] >= RUNNING -> job[i] = WAITING
        :: else
        fi
}

proctype killer()
{
        do
        :: atomic { alive && life < CRASHES -> alive = false; lock = false; life++ }
        :: atomic { !alive -> alive = true; release_job(0);
#if ITEMS > 1
                    release_job(1)
#endif
           }
        :: life == CRASHES && alive -> break
        od
}

init
{
        atomic {
                run desk();
                run queue();
                run contributor(0);
#if ITEMS > 1
                run contributor(1);
#endif
                run server();
                run clock();
                run killer();
#ifdef EXPIRY_BY_OFFICE
                run sweeper()
#endif
        }
}

/* Safety: after the ack it is in no index, whatever crashes; with it the asserts of serve. */
ltl dark { [] ((acked[0] -> !row[0]) && (acked[LAST] -> !row[LAST])) }
/* Liveness: what the ledger has taken becomes dark and stays so, even if nobody asks again. */
ltl recorded { [] (withdrawn[0] -> <> [] !row[0]) }
/* Liveness: who asks, and asks again after a crash, is answered, and then it is dark. */
ltl answered { [] ((requested[0] && patient[0]) -> <> (acked[0] && !row[0])) }
#ifdef WITNESS
/* To be refuted, else the claims would hold of a program that does nothing. */
ltl never_serves { [] !was_served }
ltl never_acks_after_crash { [] !was_acked_after_crash }
ltl never_forgotten { [] !was_forgotten } /* recorded, still to be seen, and nobody asks: what the job is for */
#endif
