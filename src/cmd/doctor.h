/*
 * What is wrong here, and what is to be done? A list of checks: of the machine (doctor_machine.c), of a site's files
 * (doctor_site.c), of what runs on them (doctor_running.c). Only looks; each check is one line, ok, a warning or a
 * fault.
 */
#pragma once
#include "site/site.h"

enum plc_health {
        PLC_HEALTH_OK,
        PLC_HEALTH_WARNING, /* works, but somebody should know */
        PLC_HEALTH_FAULT,   /* does not work, or will not */
};

struct plc_check {
        const char *name; /* for machines: "disk" */
        enum plc_health health;
        char *text;   /* one sentence without its full stop */
        char *remedy; /* the same; NULL: nothing is to be done */
};

typedef struct plc_doctor {
        const char *path;  /* of the site; NULL: there is none to look at */
        plc_conf *conf;    /* NULL where it cannot be read */
        plc_site *site;    /* NULL where it cannot be opened */
        bool office;       /* one runs */
        GPtrArray *checks; /* of struct plc_check */
        void (*progress)(const char *part, int64_t done, void *user_data);
} plc_doctor;

void plc_doctor_ok(plc_doctor *doctor, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The first warning or fault that is told of a name takes the place of its ok. */
void plc_doctor_tell(plc_doctor *doctor, const char *name, enum plc_health health, const char *remedy,
                     const char *format, ...) G_GNUC_PRINTF(5, 6);
/* What an error says; `remedy` where it knows none itself. */
void plc_doctor_error(plc_doctor *doctor, const char *name, const GError *error, const char *remedy);

void plc_doctor_machine(plc_doctor *doctor);
/* Opens conf and site as far as it can. */
void plc_doctor_site(plc_doctor *doctor);
void plc_doctor_running(plc_doctor *doctor);
