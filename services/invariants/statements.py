"""Statements: each is the sum of its postings, and is paid once, in full, or not at all."""

from services.invariants.rule import Invariant

STATEMENTS = (
    Invariant(
        "2 a statement is the sum of its postings, all its payee's",
        """
        SELECT s.id FROM settlements s WHERE s.amount_fen <> COALESCE((SELECT -SUM(p.amount_fen)
            FROM settlement_lines x JOIN postings p ON p.id = x.posting_id
            WHERE x.settlement_id = s.id AND p.owner = s.payee AND p.account = CASE s.payee_kind
                WHEN 'leader' THEN 'leader_payable' WHEN 'point' THEN 'point_fee_payable' ELSE 'merchant_payable' END
            ), 0)""",
    ),
    Invariant(
        "6 a statement is paid once, in full, or not at all",
        """
        SELECT w.id, w.state FROM (SELECT s.id AS id, s.state AS state, s.amount_fen AS amount_fen,
            COALESCE((SELECT SUM(y.amount_fen) FROM payouts y WHERE y.settlement_id = s.id
                AND y.state IN ('requested', 'submitted')), 0)
            + COALESCE((SELECT SUM(b.amount_fen) FROM bank_file_lines b WHERE b.settlement_id = s.id
                AND b.result = ''), 0) AS going,
            COALESCE((SELECT SUM(y.amount_fen) FROM payouts y WHERE y.settlement_id = s.id
                AND y.state = 'succeeded'), 0)
            + COALESCE((SELECT SUM(b.amount_fen) FROM bank_file_lines b WHERE b.settlement_id = s.id
                AND b.result = 'paid'), 0) AS gone FROM settlements s) w
        WHERE w.going <> CASE w.state WHEN 'paying' THEN w.amount_fen ELSE 0 END
           OR w.gone <> CASE w.state WHEN 'paid' THEN w.amount_fen ELSE 0 END""",
    ),
)
