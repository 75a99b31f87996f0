import type { Source } from "../source.js";

/** The world of the column walkthrough: `cadastros.pedidos` with five orders, all changed on 2025-12-17 before 16:40. */
export async function seedCaso1(source: Source): Promise<void> {
  await source.run(`
    CREATE SCHEMA cadastros;
    CREATE TABLE cadastros.pedidos (
      id BIGINT PRIMARY KEY,
      cliente_id BIGINT NOT NULL,
      valor DECIMAL(12,2) NOT NULL,
      status VARCHAR NOT NULL,
      created_at TIMESTAMP NOT NULL,
      updated_at TIMESTAMP NOT NULL
    );
    INSERT INTO cadastros.pedidos VALUES
      (1, 101, 150.00, 'pago',      '2025-12-15 09:12:00', '2025-12-17 14:01:00'),
      (2, 102, 89.90,  'enviado',   '2025-12-15 10:40:00', '2025-12-17 14:02:00'),
      (3, 103, 420.50, 'pago',      '2025-12-16 08:05:00', '2025-12-17 14:03:00'),
      (4, 101, 35.25,  'cancelado', '2025-12-16 15:30:00', '2025-12-17 14:04:00'),
      (5, 104, 1299.00,'pendente',  '2025-12-17 11:20:00', '2025-12-17 14:05:00');
  `);
}
