mod begin;
mod constraints;
mod db;
mod schema;
