/*
 * How a canary's weight changes, as a model for Spin. README.md beside this file says what is in it and how to check it.
 *
 * One partition, one key that moves with every change. Records are numbers below `end`; `served[side]` has a bit for each that
 * a side was given. What must never happen is a record that both sides were given.
 */
#define PROXIES 2
#define CONTROLLERS 2
/* which one goes in an orderly way, whenever it likes */
#define LEAVES 0
#ifndef RECORDS
#define RECORDS 1
#endif
#ifndef CHANGES
#define CHANGES 2
#endif
#define EVENTS 7

mtype = { ADMITTED, EVICTED, PREPARED, COMMITTED, ABORTED };

typedef Event { mtype kind; byte number; byte fence };

/* the log of changes, and what it comes to */
Event changes[EVENTS];
byte written = 0;
byte term = 0;
byte lastEpoch = 0;
byte pending = 0;
bool admitted[PROXIES];
bool gone[PROXIES];
/* where the canary's group begins; in the log, too, but no proxy serves otherwise for having read it */
bool seeded = false;
byte seed = 0;

/* what proxies have told: the last epoch for which they said that they hold */
byte holds[PROXIES];
/*
 * Whether a lease may still run by the proxy's own clock. It ends at the latest when the controller counts the proxy out: that is what the
 * margin between clocks is for. An earlier end is the same as a proxy that is not asked for anything.
 */
bool lease[PROXIES];

/* proxies that have said that they serve nothing any more: they do not, from then on */
bool said[PROXIES];

/* the topic, and what each side was given of it */
byte end = 0;
byte served[2];

/* from here on the canary owns records */
#define NONE 255
byte firstFence = NONE;
#define SKIPPED (seeded && firstFence < seed)

#define NAMED(k, n, f) changes[written].kind = k; changes[written].number = n; changes[written].fence = f; written++

#ifdef NO_FENCING
#define MAY_WRITE true
#else
#define MAY_WRITE (term == mine)
#endif

#ifdef EARLY_EVICTION
#define END_LEASE(p)
#else
#define END_LEASE(p) lease[p] = false;
#endif

#ifdef EARLY_GOODBYE
#define SERVES(p) true
#else
#define SERVES(p) (!said[p])
#endif

#ifdef NO_AGREEMENT
#define AGREED true
#else
#define AGREED ((!admitted[0] || holds[0] == pending) && (!admitted[1] || holds[1] == pending))
#endif

#ifdef NO_SEEDS
#define MAY_PREPARE true
#else
#define MAY_PREPARE seeded
#endif

proctype Controller(byte mine) {
  byte fence;
  byte p;

  d_step { term < mine -> term = mine };              /* Kafka fences the one before */
  do
  :: !seeded ->
       fence = end;                                    /* the broker is asked */
       if
       :: atomic { MAY_WRITE && !seeded -> seeded = true; seed = fence }
       :: true
       fi;
       fence = 0
  :: atomic { MAY_WRITE && MAY_PREPARE && pending == 0 && lastEpoch < CHANGES && written < EVENTS ->
       lastEpoch++; pending = lastEpoch; NAMED(PREPARED, lastEpoch, 0) }
  :: pending != 0 && AGREED ->
       fence = end;                                    /* the broker is asked; others go on meanwhile */
       if
       :: atomic { MAY_WRITE && pending != 0 && pending == lastEpoch && written < EVENTS ->
            NAMED(COMMITTED, pending, fence);
            firstFence = (firstFence == NONE && pending % 2 == 1 -> fence : firstFence); pending = 0 }
       :: true                                         /* it was deposed, or the change was given up */
       fi;
       fence = 0
  :: atomic { MAY_WRITE && pending != 0 && written < EVENTS -> NAMED(ABORTED, pending, 0); pending = 0 }
  :: atomic { MAY_WRITE && written < EVENTS ->
       select (p : 0 .. PROXIES - 1);
       if
       :: !admitted[p] && !gone[p] -> admitted[p] = true; lease[p] = true; NAMED(ADMITTED, p, 0)
       :: admitted[p] && said[p] -> admitted[p] = false; gone[p] = true; NAMED(EVICTED, p, 0)
       :: admitted[p] && !said[p] -> admitted[p] = false; gone[p] = true; END_LEASE(p) NAMED(EVICTED, p, 0)
       :: else
       fi;
       p = 0 }
  od
}

proctype Proxy(byte me) {
  byte read = 0;
  byte hold = 0;
  bool in = false;
  bool may = false;
  byte known = 0;                                      /* epochs committed */
  byte knew = 0;                                       /* the table that a response is judged by */
  byte fences[CHANGES];
  byte numbers[CHANGES];
  byte upTo;
  byte at;
  byte owner;
  byte i;

  do
  :: d_step { read < written ->                        /* the next event, whenever it gets to it */
       if
       :: changes[read].kind == PREPARED -> hold = changes[read].number; holds[me] = hold
       :: changes[read].kind == COMMITTED ->
            fences[known] = changes[read].fence; numbers[known] = changes[read].number; known++; hold = 0
       :: changes[read].kind == ABORTED -> hold = 0
       :: changes[read].kind == ADMITTED && changes[read].number == me -> in = true
       :: changes[read].kind == EVICTED && changes[read].number == me -> in = false
       :: else
       fi;
       read++ }
#ifdef EARLY_QUESTION
  :: in ->
       d_step { may = (lease[me] && hold == 0); knew = known };
       upTo = end;                                     /* the broker answers */
       d_step {
#else
#ifdef EARLY_GOODBYE
  :: d_step { in && me == LEAVES && !said[me] -> said[me] = true }
#else
  :: d_step { in && me == LEAVES -> said[me] = true }; break   /* it serves nothing any more; its lease may run on */
#endif
  :: end > 0 && in && SERVES(me) ->
       upTo = end;                                     /* the broker answers */
       d_step {                                        /* then the proxy asks itself whether it may serve */
         may = (in && lease[me] && hold == 0 && SERVES(me)); knew = known;
#endif
         if
         :: may ->
              at = 0;
              do
              :: at < upTo ->
                   owner = 0; i = 0;
                   do
                   :: i < knew -> if :: fences[i] <= at -> owner = numbers[i] % 2 :: else fi; i++
                   :: else -> break
                   od;
                   served[owner] = served[owner] | (1 << at);
                   at++
              :: else -> break
              od
         :: else
         fi;
         upTo = 0; at = 0; owner = 0; i = 0; knew = 0; may = false
       };
       assert((served[0] & served[1]) == 0);
       assert(!SKIPPED)
  od
}

active proctype Producer() {
  do
  :: end < RECORDS -> end++
  od
}

init {
  byte n;
  atomic {
    admitted[0] = true; lease[0] = true;
    NAMED(ADMITTED, 0, 0);
    for (n : 0 .. PROXIES - 1) { run Proxy(n) }
    for (n : 1 .. CONTROLLERS) { run Controller(n) }
  }
}
