"""What is kept, the truth: SQL tables behind one small interface, migrations, outbox."""
