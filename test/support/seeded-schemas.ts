/** The table of the notes' walkthrough. */
export const STUDENTS = `
  CREATE TABLE students (id serial PRIMARY KEY, name text NOT NULL, score text NOT NULL, note text)`;

/** Foreign keys in a chain, a circle and to the own table; enums, domains, generated and identity columns, partitions, triggers. */
export const FIFTEEN_TABLES = `
  CREATE SCHEMA sales;
  CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
  CREATE TYPE status AS ENUM ('new', 'open', 'on hold', 'done', 'não');
  CREATE DOMAIN email AS varchar(60) CHECK (VALUE ~ '^[^@ ]+@[^@ ]+$');
  CREATE DOMAIN percent AS numeric(5,2) NOT NULL CHECK (VALUE BETWEEN 0 AND 100);
  CREATE TABLE tenants (id uuid PRIMARY KEY, name text UNIQUE NOT NULL, plan text CHECK (plan IN ('free', 'paid')));
  CREATE TABLE users (
    tenant_id uuid NOT NULL REFERENCES tenants, number int, email email NOT NULL, state status NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tenant_id, number));
  CREATE TABLE posts (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants,
    author int NOT NULL, editor int, title varchar(12) NOT NULL, words int NOT NULL CHECK (words >= 0),
    doubled bigint GENERATED ALWAYS AS (words * 2::bigint) STORED,
    FOREIGN KEY (tenant_id, author) REFERENCES users, FOREIGN KEY (tenant_id, editor) REFERENCES users);
  CREATE TABLE categories (id serial PRIMARY KEY, parent_id int REFERENCES categories, name text);
  CREATE TABLE post_categories (
    post_id int REFERENCES posts, category_id int REFERENCES categories, PRIMARY KEY (post_id, category_id));
  CREATE TABLE teams (id bigserial PRIMARY KEY, leader_id bigint);
  CREATE TABLE members (id bigserial PRIMARY KEY, team_id bigint NOT NULL REFERENCES teams, share percent);
  ALTER TABLE teams ADD FOREIGN KEY (leader_id) REFERENCES members;
  CREATE TABLE profiles (member_id bigint PRIMARY KEY REFERENCES members, bio text, tags text[]);
  CREATE TABLE rooms (id int PRIMARY KEY);
  CREATE TABLE bookings (
    room_id int NOT NULL REFERENCES rooms, during tstzrange NOT NULL, EXCLUDE USING gist (room_id WITH =, during WITH &&));
  CREATE TABLE events (id int NOT NULL, at date NOT NULL, body jsonb, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
  CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
  CREATE TABLE periods (
    id int PRIMARY KEY, starts date NOT NULL, ends date NOT NULL, CHECK (starts < ends));
  CREATE TABLE sales.payments (id int PRIMARY KEY, amount numeric(10,2) NOT NULL, paid_by int NOT NULL, memo text);
  CREATE FUNCTION no_negative() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF NEW.amount < 0 THEN RAISE EXCEPTION 'negative amount'; END IF; RETURN NEW; END $$;
  CREATE TRIGGER no_negative BEFORE INSERT OR UPDATE ON sales.payments FOR EACH ROW EXECUTE FUNCTION no_negative();
  CREATE TABLE nothing_to_give (id serial PRIMARY KEY);
  CREATE TABLE "Odd ""name""" ("Ção" char(3) PRIMARY KEY, "order" boolean NOT NULL, self char(3) NOT NULL REFERENCES "Odd ""name"""("Ção"));
  ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
  ALTER TABLE tenants FORCE ROW LEVEL SECURITY`;

const TYPES = `text|varchar(5)|char(3)|citext|name|"char"|int2|int4|int8|oid|numeric|numeric(5,2)|numeric(3)|numeric(2,2)|float4|float8|money|bool|date
  |timestamp|timestamp(0)|timestamptz|time|timetz|interval|uuid|json|jsonb|jsonpath|bytea|inet|cidr|macaddr|macaddr8|bit|bit(8)|varbit(6)|point|line|lseg|box
  |path|polygon|circle|tsvector|tsquery|pg_lsn|ltree|hstore|text[]|int[]|numeric(5,2)[]|timestamptz[]|jsonb[]|mood|mood[]|pair|pair[]|int4range|int8range
  |numrange|daterange|tsrange|tstzrange|int4multirange|datemultirange|positive|floatrange`;

/** One column of each type. */
export const EVERY_TYPE = `
  CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS hstore; CREATE EXTENSION IF NOT EXISTS ltree;
  CREATE TYPE mood AS ENUM ('sad', 'so, "so"', 'ok');
  CREATE TYPE pair AS (a text, b int, c date[]);
  CREATE DOMAIN positive AS int CHECK (VALUE > 0);
  CREATE TYPE floatrange AS RANGE (subtype = float8);
  CREATE TABLE everything (${TYPES.split("|")
    .map((type, index) => `c${index} ${type}`)
    .join(", ")})`;

/** Tables as they are found in public folders: each refers to the one before, and has a dozen columns. */
export const HUNDRED_TABLES = Array.from(
  { length: 100 },
  (_, index) => `
    CREATE TABLE t${index} (
      id serial PRIMARY KEY, name text NOT NULL, code varchar(10) UNIQUE, price numeric(10,2), active boolean NOT NULL DEFAULT true,
      kind text CHECK (kind IN ('a', 'b', 'c')), created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz,
      data jsonb, day date, quantity int CHECK (quantity >= 0), parent_id int REFERENCES t${Math.max(0, index - 1)})`,
).join(";");
