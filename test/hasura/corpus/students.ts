/** Scores are the last column, some of them absent. */
export const STUDENTS = `create table students (id integer primary key, name text not null, score text);
insert into students values (1, 'Ana', '7'), (2, 'João', '007'), (3, 'Zoë', null);
`;

/** Two tables with a foreign key between them. */
export const COURSES = `create table schools (id integer primary key, name text not null unique);
insert into schools values (1, 'Norte'), (2, 'Sul');
create table courses (
  id integer primary key,
  school_id integer not null constraint courses_school_id_fkey references schools (id) on delete cascade,
  title text not null
);
insert into courses values (1, 1, 'Álgebra'), (2, 1, 'Física'), (3, 2, 'História');
`;

/** A table in which columns stand in the middle, all of them empty of values. */
export const EMPTY_COLUMNS = `create table notes (id integer primary key, one text, two text, body text);
insert into notes (id, body) values (1, 'a'), (2, 'b');
`;
