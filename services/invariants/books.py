"""The books: they balance, and every account holds what the rows say."""

from services.invariants.rule import Invariant

BOOKS = (
    Invariant(
        "2 every entry sums to zero",
        "SELECT entry_id, SUM(amount_fen) FROM postings GROUP BY entry_id HAVING SUM(amount_fen) <> 0",
    ),
    Invariant(
        "2 every entry has two legs",
        "SELECT e.id FROM journal_entries e WHERE (SELECT COUNT(*) FROM postings p WHERE p.entry_id = e.id) < 2",
    ),
    Invariant(
        "3 escrow holds exactly what is neither refunded nor handed over",
        """
        SELECT d.id, b.escrow FROM orders d LEFT JOIN (
            SELECT e.order_id, -SUM(p.amount_fen) AS escrow FROM postings p JOIN journal_entries e ON e.id = p.entry_id
            WHERE p.account = 'buyer_escrow' GROUP BY e.order_id) b ON b.order_id = d.id
        WHERE COALESCE(b.escrow, 0) <> CASE WHEN d.paid_at IS NULL THEN 0 ELSE COALESCE((SELECT SUM(l.amount_fen
            - l.refunded_fen + l.aftersales_fen - l.sales_fen) FROM order_lines l WHERE l.order_id = d.id), 0)
            + d.delivery_fee_fen - d.fee_refunded_fen - d.fee_earned_fen END""",
    ),
    Invariant(
        "2 every other account holds what the rows say",
        """
        SELECT w.account, w.fen FROM (
            SELECT 'refund_payable' AS account, -SUM(amount_fen) AS fen FROM refunds WHERE state = 'requested'
            UNION ALL SELECT 'suspense', -SUM(received_fen) FROM suspense_cases WHERE state = 'open'
            UNION ALL SELECT 'deferred_commission', SUM(commission_fen - commission_expensed_fen) FROM order_lines
            UNION ALL SELECT 'commission_expense', SUM(commission_expensed_fen) FROM order_lines
            UNION ALL SELECT 'sales', -SUM(sales_fen) FROM order_lines
            UNION ALL SELECT 'returns', (SELECT COALESCE(SUM(aftersales_fen), 0) FROM order_lines)
                - (SELECT COALESCE(SUM(borne_fen), 0) FROM claims WHERE state = 'accepted' AND borne_by = 'leader')
            UNION ALL SELECT 'delivery_income', -SUM(fee_earned_fen) FROM orders
            UNION ALL SELECT 'point_fee_expense', SUM(point_fee_fen) FROM orders
            UNION ALL SELECT 'goods_on_hand', SUM((arrived_units - collected_units - lapsed_units) * supply_price_fen)
                FROM order_lines
            UNION ALL SELECT 'withdrawal_hold', -SUM(amount_fen) FROM payouts WHERE state IN ('requested', 'submitted')
            UNION ALL SELECT 'bank_in_transit', -SUM(amount_fen) FROM bank_file_lines WHERE result = ''
            UNION ALL SELECT 'cash_at_desk', SUM(CASE state WHEN 'open' THEN taken_fen WHEN 'closed' THEN counted_fen
                ELSE 0 END) FROM shifts
        ) w WHERE COALESCE(w.fen, 0) <> COALESCE((SELECT SUM(p.amount_fen) FROM postings p
            WHERE p.account = w.account), 0)""",
    ),
    Invariant(
        "2 each payee is owed what the rows say",
        """
        SELECT w.account, w.owner, SUM(w.fen) FROM (
            SELECT p.account AS account, p.owner AS owner, p.amount_fen AS fen FROM postings p
            WHERE p.account IN ('leader_pending', 'leader_payable', 'point_fee_payable', 'merchant_payable')
UNION ALL SELECT 'leader_' || CASE WHEN l.commission_released_at IS NULL THEN 'pending' ELSE 'payable' END,
                a.public_id, l.commission_fen - l.helper_commission_fen
                FROM order_lines l JOIN orders d ON d.id = l.order_id JOIN campaigns c ON c.id = d.campaign_id
                JOIN leaders a ON a.id = c.leader_id
            UNION ALL SELECT 'leader_' || CASE WHEN l.commission_released_at IS NULL THEN 'pending' ELSE 'payable' END,
                a.public_id, l.helper_commission_fen
                FROM order_lines l JOIN orders d ON d.id = l.order_id JOIN help_sells h ON h.id = d.help_sell_id
                JOIN leaders a ON a.id = h.leader_id
            UNION ALL SELECT 'point_fee_payable', t.public_id, d.point_fee_fen
                FROM orders d JOIN pickup_points t ON t.id = d.point_id
            UNION ALL SELECT 'merchant_payable', m.public_id, l.arrived_units * l.supply_price_fen
                FROM order_lines l JOIN offers o ON o.id = l.offer_id JOIN skus k ON k.id = o.sku_id
                JOIN products p ON p.id = k.product_id JOIN merchants m ON m.id = p.merchant_id
            UNION ALL SELECT CASE s.payee_kind WHEN 'leader' THEN 'leader_payable' ELSE 'point_fee_payable' END,
                s.payee, -y.amount_fen
                FROM payouts y JOIN settlements s ON s.id = y.settlement_id WHERE y.state <> 'failed'
            UNION ALL SELECT 'merchant_payable', s.payee, -b.amount_fen
                FROM bank_file_lines b JOIN settlements s ON s.id = b.settlement_id WHERE b.result <> 'returned'
            UNION ALL SELECT 'leader_payable', a.public_id, -x.borne_fen
                FROM claims x JOIN campaigns c ON c.id = x.campaign_id JOIN leaders a ON a.id = c.leader_id
                WHERE x.state = 'accepted' AND x.borne_by = 'leader'
            UNION ALL SELECT 'merchant_payable', m.public_id, -x.borne_fen
                FROM claims x JOIN order_lines l ON l.id = x.order_line_id JOIN offers o ON o.id = l.offer_id
                JOIN skus k ON k.id = o.sku_id JOIN products p ON p.id = k.product_id
                JOIN merchants m ON m.id = p.merchant_id
                WHERE x.state = 'accepted' AND x.borne_by = 'supplier') w
        GROUP BY w.account, w.owner HAVING SUM(w.fen) <> 0""",
    ),
    Invariant(
        "2 gateway clearing and its bill hold what the gateway has of ours",
        """
        SELECT g.fen, b.fen FROM (SELECT SUM(x.fen) AS fen FROM (
            SELECT settled_fen AS fen FROM payments WHERE state = 'succeeded' AND method = 'wechat'
            UNION ALL SELECT settled_fen FROM suspense_cases WHERE payment_id IS NULL
            UNION ALL SELECT -settled_fen FROM refunds WHERE state IN ('submitted', 'succeeded', 'abnormal')
                AND channel = 'gateway'
            UNION ALL SELECT -amount_fen FROM payouts WHERE state = 'succeeded') x) g
        CROSS JOIN (SELECT SUM(p.amount_fen) AS fen FROM postings p JOIN journal_entries e ON e.id = p.entry_id
            WHERE p.account = 'gateway_clearing' AND e.event NOT LIKE 'bill_%' AND e.event <> 'difference_accepted') b
        WHERE COALESCE(g.fen, 0) <> COALESCE(b.fen, 0)""",
    ),
    Invariant(
        "2 what the bills did to gateway clearing is told number by number",
        """
        SELECT g.fen, b.fen FROM (SELECT SUM(clearing_fen) AS fen FROM bill_bookings) g
        CROSS JOIN (SELECT SUM(p.amount_fen) AS fen FROM postings p JOIN journal_entries e ON e.id = p.entry_id
            WHERE p.account = 'gateway_clearing' AND (e.event LIKE 'bill_%' OR e.event = 'difference_accepted')) b
        WHERE COALESCE(g.fen, 0) <> COALESCE(b.fen, 0)""",
    ),
    Invariant(
        "2 what a matched bill shows has left gateway clearing, or has an open case",
        """
        SELECT w.number, SUM(w.fen) FROM (
            SELECT public_id AS number, settled_fen AS fen FROM payments
                WHERE state = 'succeeded' AND method = 'wechat'
            UNION ALL SELECT out_trade_no, settled_fen FROM suspense_cases WHERE payment_id IS NULL
            UNION ALL SELECT public_id, -settled_fen FROM refunds WHERE state IN ('submitted', 'succeeded', 'abnormal')
                AND channel = 'gateway'
            UNION ALL SELECT number, clearing_fen FROM bill_bookings) w
        WHERE EXISTS (SELECT 1 FROM bill_rows r JOIN bill_days y ON y.day = r.day AND y.kind = 'trade'
                WHERE r.number = w.number AND r.kind IN ('payment', 'refund') AND NOT r.withdrawn
                  AND y.matched_at IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM bill_cases c WHERE c.subject = w.number AND c.state = 'open')
        GROUP BY w.number HAVING SUM(w.fen) <> 0""",
    ),
    Invariant(
        "2 each row of a matched bill is booked or has a case",
        """
        SELECT r.id FROM bill_rows r JOIN bill_days y ON y.day = r.day
            AND y.kind = CASE WHEN r.kind IN ('payment', 'refund') THEN 'trade' ELSE 'fund_flow' END
        WHERE y.matched_at IS NOT NULL AND NOT r.withdrawn AND NOT r.matched AND r.kind NOT LIKE 'flow_%'
          AND NOT EXISTS (SELECT 1 FROM bill_cases c WHERE c.bill_row_id = r.id OR c.subject = r.number)""",
    ),
)
