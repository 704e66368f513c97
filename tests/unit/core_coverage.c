/* Compares the handlers' table with what they did, over all cases of a program.
 */
#include "core_fixture_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NOTES_MAX = 1024 };

/* (handler, fact type or refusal code) pairs that some case produced. */
static struct note {
    const struct handler *handler;
    const char *what;
} notes[NOTES_MAX];
static size_t note_count;

static const char *
announced(const char *const *list, const char *what)
{
    for (; list != NULL && *list != NULL; list++)
        if (strcmp(*list, what) == 0)
            return *list;
    return NULL;
}

static bool
noted(const struct handler *handler, const char *what)
{
    for (size_t i = 0; i < note_count; i++)
        if (notes[i].handler == handler && strcmp(notes[i].what, what) == 0)
            return true;
    return false;
}

static void
note(const struct handler *handler, const char *const *list, const char *what)
{
    const char *row = announced(list, what);

    if (row == NULL)
        fail_msg("%s did not announce %s", handler->message->name, what);
    if (noted(handler, row))
        return;
    assert_true(note_count < NOTES_MAX);
    notes[note_count++] = (struct note){handler, row};
}

/* The chassis refuses these before a handler is asked. */
static bool
is_chassis_refusal(const char *code)
{
    return strcmp(code, "WRONG_LANE") == 0 ||
           strcmp(code, "EXPIRED_COMMAND") == 0;
}

void
coverage_note(const struct handler *handler, const struct fixture *fixture)
{
    if (handler == NULL)
        return;
    if (fixture->code != NULL && !is_chassis_refusal(fixture->code))
        note(handler, handler->refusals, fixture->code);
    for (size_t i = 0; i < fixture->said_count; i++)
        if (fixture->said[i]->kind == TOPIC_EVENT)
            note(handler, handler->facts, fixture->said[i]->type);
        else if (fixture->said[i]->kind == TOPIC_COMMAND)
            note(handler, handler->orders, fixture->said[i]->type);
}

/* --- completeness --- */
static int faults;

static void
expect(bool sound, const struct handler *handler, const char *fault,
       const char *what)
{
    if (sound)
        return;
    print_error("%s: %s %s\n", handler->message->name, fault, what);
    faults++;
}

static bool
in_outputs(const struct output *outputs, const char *type)
{
    for (; outputs->message != NULL; outputs++)
        if (strcmp(outputs->message->name, type) == 0)
            return true;
    return false;
}

static void
check_form(const struct handler *handler)
{
    const ProtobufCFieldDescriptor *first =
        protobuf_c_message_descriptor_get_field(handler->message, 1);
    const char *head = handler->kind == HANDLER_DO ? "order" : "fact";

    expect(handler->keys != NULL, handler, "has no", "keys");
    expect(handler->handle != NULL, handler, "has no", "handle");
    expect(handler->routes != NULL, handler, "has no", "routes");
    expect(first != NULL && strcmp(first->name, head) == 0, handler,
           "does not begin with", head);
    expect(handler->kind == HANDLER_DO || handler->refusals == NULL, handler,
           "may not", "refuse");
}

static void
check_said(const struct core *core, const struct handler *handler,
           const struct output *outputs)
{
    for (const char *const *fact = handler->facts; fact && *fact; fact++) {
        expect(in_outputs(outputs, *fact), handler,
               "says what is not in outputs:", *fact);
        expect(noted(handler, *fact), handler, "in no case said", *fact);
    }
    for (const char *const *order = handler->orders; order && *order; order++) {
        expect(handler_find(core->handlers, *order) != NULL, handler,
               "orders what has no handler:", *order);
        expect(noted(handler, *order), handler, "in no case ordered", *order);
    }
}

static void
check_refusals(const struct handler *handler, bool (*known)(const char *))
{
    for (const char *const *code = handler->refusals; code && *code; code++) {
        expect(known(*code), handler, "refuses with an unknown code", *code);
        expect(noted(handler, *code), handler, "in no case refused", *code);
    }
}

void
fixture_check_handlers(const struct core *core, const struct output *outputs,
                       bool (*known)(const char *code))
{
    faults = 0;
    for (const struct handler *h = core->handlers; h->message != NULL; h++) {
        check_form(h);
        check_said(core, h, outputs);
        check_refusals(h, known);
    }
    if (faults > 0)
        fail_msg("%d things were forgotten", faults);
}
