"""The activities of training, the records they keep, and the file their questions come in."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.training import certificates, duties, letters, plan, seats, testing

ON_RECORD = (plan.COURSE, plan.LEARNER, plan.NEEDED, plan.SESSION, certificates.KIND)

FAMILY = Family(
    activities=(
        Activity(
            "training.enrol",
            "Looks up what somebody needs and holds, and claims a seat in the next session that has one.",
            seats.enrol,
            seats.EnrolInput,
            seats.EnrolOutcome,
            reads=(*ON_RECORD, seats.CLAIM, seats.BACK),
            writes=(seats.CLAIM,),
        ),
        Activity(
            "training.give-back",
            "Gives a seat back to whoever waits.",
            seats.give_back,
            seats.GiveBackInput,
            seats.GiveBackOutcome,
            reads=(seats.BACK,),
            writes=(seats.BACK,),
        ),
        Activity(
            "training.write",
            "Writes a mail to a learner: invitation, waiting list, reminder, result.",
            letters.write,
            letters.WriteInput,
            letters.Letter,
        ),
        Activity(
            "training.duties",
            "Says who has to take which course by when, and writes the reminders.",
            duties.duties,
            duties.DutiesInput,
            duties.DutiesOutcome,
            reads=ON_RECORD,
        ),
        Activity(
            "training.draw",
            "Draws a test from the questions of a course, by a seed that is kept.",
            testing.draw_test,
            testing.DrawInput,
            testing.DrawOutcome,
            reads=(plan.COURSE, plan.BANK),
        ),
        Activity(
            "training.mark",
            "Marks a test: weights, penalties, feedback; says what a person has to mark by which rubric.",
            testing.mark,
            testing.MarkInput,
            testing.MarkOutcome,
            reads=(plan.COURSE, plan.BANK, plan.RUBRIC),
        ),
        Activity(
            "training.certify",
            "Gives a certificate with its number and its last day.",
            certificates.certify,
            certificates.CertifyInput,
            certificates.CertifyOutcome,
            reads=(plan.COURSE, certificates.KIND),
            writes=(certificates.KIND,),
        ),
        Activity(
            "training.key",
            "Gives the right answers of a course, for trying the service.",
            testing.key,
            testing.KeyInput,
            testing.KeyOutcome,
            reads=(plan.BANK,),
            tries=True,
        ),
    ),
    records={
        plan.COURSE: "a course, key: its id",
        plan.SESSION: "a session of a course, key: its id",
        plan.LEARNER: "somebody of the client's staff, key: their id",
        plan.NEEDED: "a course a role has to take, key: role and course",
        plan.BANK: "the questions of a course, key: its id",
        plan.RUBRIC: "a criterion by which people mark the answers of a course, key: course and criterion",
        seats.CLAIM: "a seat that was claimed, key: session, number and how often it was given back",
        seats.BACK: "a seat that was given back, key: that of the claim",
        certificates.KIND: "a certificate, key: idempotency key of the job that gave it",
    },
    readers={"training.questions": plan.bank_rows},
)
