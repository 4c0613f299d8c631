"""The activities of training, the records they keep, and the file their questions come in."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.training import certificates, duties, letters, material, own, plan, seats, testing
from anyshore.mail.composing import OUTBOX

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
            letters.Sent,
            reads=(letters.SENDER, OUTBOX),
            writes=(OUTBOX,),
        ),
        Activity(
            "training.duties",
            "Says who has to take which course by when, and writes the reminders.",
            duties.duties,
            duties.DutiesInput,
            duties.DutiesOutcome,
            reads=(*ON_RECORD, letters.SENDER, OUTBOX),
            writes=(OUTBOX,),
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
            "training.own",
            "Tells somebody who learns what they have to, can and did learn, with sessions and seats left.",
            own.own,
            own.OwnInput,
            own.OwnOutcome,
            reads=(*ON_RECORD, material.KIND, seats.CLAIM, seats.BACK),
        ),
        Activity(
            "training.file",
            "Gives a file of the material of a course.",
            own.file,
            own.FileInput,
            own.FileOutcome,
            reads=(material.KIND,),
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
        letters.SENDER: "who mails to learners come from, key: address",
        plan.COURSE: "a course, key: its id",
        plan.SESSION: "a session of a course, key: its id",
        plan.LEARNER: "somebody of the client's staff, key: their id",
        plan.NEEDED: "a course a role has to take, key: role and course",
        material.KIND: "a page or file of a course, key: course and name",
        plan.BANK: "the questions of a course, key: its id",
        plan.RUBRIC: "a criterion by which people mark the answers of a course, key: course and criterion",
        seats.CLAIM: "a seat that was claimed, key: session, number and how often it was given back",
        seats.BACK: "a seat that was given back, key: that of the claim",
        certificates.KIND: "a certificate, key: idempotency key of the job that gave it",
    },
    readers={"training.questions": plan.bank_rows, "training.material": material.rows},
)
