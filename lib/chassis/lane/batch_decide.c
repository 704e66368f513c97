/* Deciding: every message of a batch in order, each to one of four ends.
 *
 * Serves the lane's rules 2 (marks per topic and lane), 6 (a repeated command
 * publishes its stored outcome again), 8 and 10. Never keeps half a decision: a
 * handler that refuses after a change, or reads a row it did not ask for, makes
 * its message broken, and the shell runs the batch again without that message.
 */
#include "chassis/lane/batch_internal.h"

#include <string.h>

#include "inservice/common/v1/outcome.pb-c.h"

#define OUTCOME_TYPE "inservice.common.v1.Outcome"

typedef Inservice__Common__V1__Outcome Outcome;
typedef Inservice__Common__V1__Done Done;
typedef Inservice__Common__V1__Refused Refused;

/* (incarnation, sequence) not above the mark: this fact was applied (rules 2,
 * 11). For facts without sequence (another system's) the handler decides. */
static bool
fact_heard(struct batch *batch, const struct message *message)
{
    struct mark mark = {-1, -1};

    if (message->sequence < 0)
        return false;
    batch_get_mark(batch, message->topic, message->lane, &mark);
    if (message->incarnation < mark.incarnation ||
        (message->incarnation == mark.incarnation &&
         message->sequence <= mark.sequence))
        return true;
    batch_put_mark(batch, message->topic, message->lane,
                   (struct mark){message->sequence, message->incarnation});
    return false;
}

/* Read models follow states by entity version (rule 4); the mark only shows
 * how far they are. */
static void
state_heard(struct batch *batch, const struct message *message)
{
    struct mark mark = {-1, -1};

    batch_get_mark(batch, message->topic, message->lane, &mark);
    if (message->incarnation > mark.incarnation ||
        (message->incarnation == mark.incarnation &&
         message->sequence > mark.sequence))
        batch_put_mark(batch, message->topic, message->lane,
                       (struct mark){message->sequence, message->incarnation});
}

static void
say_outcome(struct batch *batch, const struct message *message,
            const uint8_t *value, size_t size, const char *code)
{
    struct journal_row row = {
        .kind = TOPIC_OUTCOME,
        .partition = message->lane,
        .type = OUTCOME_TYPE,
        .key = message->order->command_id,
        .command_id = message->order->command_id,
        .causation = message->type,
        .actor =
            message->order->actor ? message->order->actor->account_id : NULL,
        .code = code,
        .traceparent = message->traceparent,
        .at = batch->now,
        .value = value,
        .size = size,
    };

    batch_say_row(batch, message->lane, &row);
}

/* Sequence of the last state row said about the subject in this decision. */
static int64_t
subject_state_seq(const struct batch *batch)
{
    const char *key = batch->subject ? subject_key(batch->subject) : NULL;

    for (size_t i = batch->journal.count; i > batch->journal_before; i--) {
        const struct journal_row *row = batch->journal.items[i - 1];
        if (row->kind == TOPIC_STATE && key && strcmp(row->key, key) == 0)
            return row->seq;
    }
    return 0;
}

static void
pack_outcome(struct batch *batch, const struct message *message,
             Outcome *outcome)
{
    struct inbox_row *inbox = ARENA_NEW(batch->arena, struct inbox_row);

    outcome->command_id = message->order->command_id;
    outcome->operation_id = message->order->operation_id;
    outcome->import_id = message->order->import_id;
    inbox->size = protobuf_c_message_get_packed_size(&outcome->base);
    uint8_t *bytes = arena_alloc(batch->arena, inbox->size);
    protobuf_c_message_pack(&outcome->base, bytes);
    inbox->outcome = bytes;
    inbox->command_id = message->order->command_id;
    inbox->lane = message->lane;
    inbox->at = batch->now;
    batch_inbox_add(batch, inbox);
    if (batch->answering == NULL)
        say_outcome(batch, message, bytes, inbox->size, message->code);
}

static void
answer_done(struct batch *batch, const struct message *message)
{
    Outcome outcome;
    Done done;

    inservice__common__v1__outcome__init(&outcome);
    inservice__common__v1__done__init(&done);
    if (batch->subject != NULL) {
        done.subject = (char *)(uintptr_t)subject_key(batch->subject);
        done.version = batch->subject->version;
    }
    done.lane = (uint32_t)message->lane;
    done.state_seq = subject_state_seq(batch);
    outcome.result_case = INSERVICE__COMMON__V1__OUTCOME__RESULT_DONE;
    outcome.done = &done;
    pack_outcome(batch, message, &outcome);
}

static void
answer_refused(struct batch *batch, const struct message *message)
{
    Outcome outcome;
    Refused refused;

    inservice__common__v1__outcome__init(&outcome);
    inservice__common__v1__refused__init(&refused);
    refused.code = (char *)(uintptr_t)message->code;
    if (batch->subject != NULL && batch->subject->exists)
        refused.current_version = batch->subject->version;
    refused.n_details = batch->details.count;
    refused.details = (Inservice__Common__V1__Detail **)batch->details.items;
    outcome.result_case = INSERVICE__COMMON__V1__OUTCOME__RESULT_REFUSED;
    outcome.refused = &refused;
    pack_outcome(batch, message, &outcome);
}

const char *
batch_completes(const struct message *message)
{
    const Order *order = message->order;

    if (order == NULL || message->handler->kind != HANDLER_DO)
        return NULL; /* a state that is only said again answers nothing */
    if (order->operation_id[0] != '\0')
        return order->operation_id;
    return order->import_id[0] != '\0' ? order->import_id : NULL;
}

static void
say_snapshot(struct decision *decision, struct row *row)
{
    say(decision, row, row->store->snapshot(decision, row));
}

/* One state row per aggregate that this message changed. The subject's is the
 * last, so that it can answer the command: where it is applied, the others are.
 */
static void
say_snapshots(struct decision *decision)
{
    struct batch *batch = decision->batch;
    struct row *last = NULL;

    for (size_t i = 0; i < batch->changed.count; i++) {
        struct row *row = batch->changed.items[i];
        if (row->store->kind != STORE_AGGREGATE)
            continue;
        if (row == batch->subject)
            last = row;
        else
            say_snapshot(decision, row);
    }
    if (last == NULL)
        return;
    if (batch_completes(decision->message) != NULL)
        batch->answering = last;
    say_snapshot(decision, last);
}

/* Why the work of a handler must not be kept, or NULL. */
static const char *
handler_fault(const struct batch *batch, const struct message *message,
              enum end end)
{
    bool fact = message->order == NULL;

    if (batch->fault != NULL)
        return batch->fault;
    if (end == BROKEN)
        return "handler_broken";
    if (end == REFUSED && fact)
        return "fact_refused";
    if (end == REFUSED && (batch->journal.count > batch->journal_before ||
                           batch->changed.count > 0))
        return "changed_then_refused";
    return NULL;
}

/* A state that answers a command of this service's clients. */
static bool
ends_command(const struct batch *batch, const struct message *message)
{
    return message->completes != NULL && batch->core->complete != NULL;
}

/* The order's time, or the fact's. A fact is not refused: a time that cannot be
 * believed gives way to this clock. */
static int64_t
decided_at(const struct batch *batch, const struct message *message)
{
    if (message->order != NULL)
        return message->order->at;
    return batch_time_fits(batch, message->at, false) ? message->at
                                                      : batch->now;
}

static enum end
decide_handled(struct batch *batch, struct message *message)
{
    struct decision decision = {
        .arena = batch->arena,
        .batch = batch,
        .message = message,
        .order = message->order,
        .now = decided_at(batch, message),
    };

    batch->fault = NULL;
    batch->refusal = NULL;
    batch->subject = batch->answering = NULL;
    batch->details = batch->changed = (struct list){0};
    batch->journal_before = batch->journal.count;
    enum end end = message->handler
                       ? message->handler->handle(&decision, message->body)
                       : DONE;
    if (end == RETRY)
        return RETRY;
    if (end == DONE && ends_command(batch, message))
        batch->core->complete(&decision);
    if (end == DONE)
        say_snapshots(&decision);
    message->broken = handler_fault(batch, message, end);
    if (message->broken != NULL)
        return BROKEN;
    message->end = end;
    message->code = end == REFUSED ? batch->refusal : NULL;
    return DONE;
}

static void
refuse_unheard(struct batch *batch, struct message *message, const char *code)
{
    batch->subject = batch->answering = NULL;
    batch->details = (struct list){0};
    message->end = REFUSED;
    message->code = code;
    answer_refused(batch, message);
}

static enum end
decide_command(struct batch *batch, struct message *message)
{
    const struct inbox_row *known =
        batch_inbox_find(batch, message->order->command_id);

    if (known != NULL) {
        message->skipped = true;
        say_outcome(batch, message, known->outcome, known->size, "REPEATED");
        return DONE;
    }
    if (message->discarded) {
        refuse_unheard(batch, message, "DISCARDED");
        return DONE;
    }
    if (message->bad_form) {
        refuse_unheard(batch, message, "BAD_FORM");
        return DONE;
    }
    if (message->handler->kind != HANDLER_OPERATE &&
        (message->lane_key == NULL ||
         lane_of(message->lane_key) != message->lane)) {
        refuse_unheard(batch, message, "WRONG_LANE");
        return DONE;
    }
    if (message->order->not_after > 0 && !message->again &&
        message->order->not_after < batch->now) {
        refuse_unheard(batch, message, "EXPIRED_COMMAND");
        return DONE;
    }
    enum end end = decide_handled(batch, message);
    if (end != DONE)
        return end;
    if (message->end == REFUSED)
        answer_refused(batch, message);
    else
        answer_done(batch, message);
    return DONE;
}

/* The shell parks the message. From then on a fact counts as applied: a
 * repetition must not be parked, too, and run twice when its key is released.
 */
static enum end
decide_broken(struct batch *batch, struct message *message)
{
    if (message->kind != TOPIC_COMMAND && message->kind != TOPIC_STATE &&
        message->parked_id == 0 && fact_heard(batch, message)) {
        message->broken = NULL;
        message->skipped = true;
    }
    return DONE;
}

static enum end
decide_message(struct batch *batch, struct message *message)
{
    if (message->broken != NULL)
        return decide_broken(batch, message);
    if (message->kind == TOPIC_COMMAND && message->order != NULL)
        return decide_command(batch, message);
    if (message->discarded) {
        message->skipped = true;
        return DONE;
    }
    if (message->kind == TOPIC_STATE)
        state_heard(batch, message);
    if (message->kind != TOPIC_STATE && fact_heard(batch, message)) {
        message->skipped = true;
        return DONE;
    }
    if (message->handler == NULL && !ends_command(batch, message)) {
        message->skipped = true;
        return DONE;
    }
    return decide_handled(batch, message);
}

enum end
batch_decide(struct batch *batch)
{
    for (size_t i = 0; i < batch->messages.count; i++) {
        enum end end = decide_message(batch, batch->messages.items[i]);
        if (end != DONE)
            return end;
    }
    return DONE;
}
