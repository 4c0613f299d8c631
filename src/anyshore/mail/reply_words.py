"""What mail programs and people write around a quotation and under a mail, by language.

To add a language: a word in each table. Thirteen are there in all of them: en, de, fr, es, it, pt, nl, pl, sv, da, no,
ru, vi; of fi, cs, hu, ro, tr, zh, ja, ko the names of who is quoted.
"""

from __future__ import annotations

OPENERS = (
    "on", "at", "am", "le", "el", "il", "in data", "em", "op", "dnia", "w dniu", "den", "d.", "vào", "il giorno",
    "à la date du",
    "fra", "kl.", "po", "på", "от", "в", "dne", "în", "在", "于",
)  # fmt: skip
"""How a line that names who is quoted begins."""

VERBS = (
    "wrote", "sent", "schrieb", "schrieben", "a écrit", "a ecrit", "écrit", "escribió", "escribio", "ha scritto",
    "scrive",
    "escreveu", "schreef", "napisał", "napisała", "napisał(a)", "pisze", "skrev", "skreiv", "написал", "написала",
    "написал(а)", "пишет", "đã viết", "sent a message",
    "geschreven", "het volgende geschreven", "kirjoitti", "napsal", "napsala", "napsal(a)", "írta", "a scris", "yazdı",
    "şunu yazdı", "写道", "寫道", "のメール", "작성",
)  # fmt: skip
"""How it ends."""

AUTHORS = (
    "from", "von", "de", "da", "van", "od", "från", "fra", "от", "от кого", "từ", "expéditeur", "remitente",
    "mittente", "absender",
)  # fmt: skip
DATES = (
    "sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el", "enviado em", "enviada em",
    "fecha",
    "inviato", "data", "verzonden", "wysłano", "skickat", "sendt", "dato", "дата", "отправлено", "ngày", "message du",
    "sent on", "gesendet am",
)  # fmt: skip
RECEIVERS = (
    "to", "an", "à", "a", "para", "aan", "do", "till", "til", "кому", "đến", "cc", "kopie", "copie à", "copia",
    "kopia", "kopi",
    "копия", "bcc", "destinataire", "destinatario",
)  # fmt: skip
SUBJECTS = (
    "subject", "betreff", "objet", "sujet", "asunto", "oggetto", "assunto", "onderwerp", "temat", "ämne", "emne",
    "тема",
    "chủ đề", "reply-to", "importance",
)  # fmt: skip
"""The header lines that mail programs put before a mail that is answered."""

ORIGINALS = (
    "original message", "reply message", "original appointment", "ursprüngliche nachricht", "originalnachricht",
    "antwort nachricht", "original-nachricht", "message d'origine", "message original", "message initial",
    "mensaje original",
    "messaggio originale", "mensagem original", "oorspronkelijk bericht", "origineel bericht", "oryginalna wiadomość",
    "wiadomość oryginalna", "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse",
    "oprindelig besked",
    "original meddelelse", "opprinnelig melding", "исходное сообщение", "пересылаемое сообщение от", "thư gốc",
)  # fmt: skip
"""What stands between dashes before it."""

FORWARDS = (
    "forwarded message", "begin forwarded message", "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht",
    "message transféré", "début du message réexpédié", "mensaje reenviado", "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "mensagem encaminhada", "doorgestuurd bericht", "begin doorgestuurd bericht", "przekazana wiadomość",
    "wiadomość przekazana", "vidarebefordrat meddelande", "videresendt meddelelse", "videresendt besked",
    "videresendt melding", "пересылаемое сообщение", "пересланное сообщение",
)  # fmt: skip
"""What stands before a mail that is passed on: it is what the mail is about, and never cut."""

DEVICES = (
    "sent from my", "sent from outlook", "sent from mail for", "sent from yahoo", "sent from samsung",
    "sent from proton",
    "sent from typeapp", "sent via", "get outlook for", "get bluemail", "von meinem", "gesendet von", "gesendet mit",
    "diese nachricht wurde von meinem", "holen sie sich outlook", "envoyé de mon", "envoyé depuis",
    "envoyé à partir de",
    "télécharger outlook", "obtenez outlook", "enviado desde", "obtener outlook", "inviato da", "scarica outlook",
    "enviado do meu", "enviado de", "obter o outlook", "verzonden vanaf", "verzonden met", "verstuurd vanaf",
    "outlook voor",
    "wysłane z", "wysłano z", "pobierz program outlook", "skickat från", "hämta outlook", "sendt fra", "hent outlook",
    "отправлено с", "отправлено из", "получить outlook", "gửi từ", "lấy outlook",
)  # fmt: skip
"""What a telephone writes under a mail."""

CLOSINGS = (
    "regards", "best regards", "kind regards", "warm regards", "with kind regards", "best wishes", "best",
    "many thanks",
    "thanks", "thank you", "cheers", "sincerely", "yours sincerely", "yours faithfully", "mit freundlichen grüßen",
    "mit freundlichem gruß", "freundliche grüße", "viele grüße", "beste grüße", "liebe grüße", "mfg", "vg", "lg",
    "gruß", "danke",
    "cordialement", "bien cordialement", "bien à vous", "sincères salutations", "merci", "saludos", "un saludo",
    "saludos cordiales", "atentamente", "gracias", "cordiali saluti", "distinti saluti", "saluti", "grazie",
    "atenciosamente",
    "cumprimentos", "com os melhores cumprimentos", "obrigado", "obrigada", "met vriendelijke groet",
    "vriendelijke groeten",
    "groeten", "bedankt", "z poważaniem", "pozdrawiam", "pozdrowienia", "dziękuję", "med vänliga hälsningar",
    "vänliga hälsningar",
    "hälsningar", "med venlig hilsen", "venlig hilsen", "mvh", "med vennlig hilsen", "vennlig hilsen", "hilsen",
    "с уважением",
    "спасибо", "trân trọng",
)  # fmt: skip
"""How a letter ends; a name and a few short lines may follow."""
