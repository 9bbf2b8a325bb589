mod begin;
mod db;
mod schema;
